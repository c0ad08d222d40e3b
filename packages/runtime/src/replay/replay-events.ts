import { consumedBy, type Received, type ServiceName, type Topic, type WishKind } from '@orchestra/contracts';
import { plan } from '../engine/intake.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { StoreRebuild } from '../ports/store-rebuild.ts';
import { gatherRuns } from '../rebuild/gather-runs.ts';
import { armGate, restoreDoneJobs, restoreInputs } from '../rebuild/rebuild-store.ts';
import { findDoneJobs } from '../rebuild/find-done-jobs.ts';
import { createAskedArtifacts } from './asked-artifacts.ts';
import { restoredRun } from '../rebuild/restored-run.ts';
import { restoreTargets, type TargetWorld } from '../rebuild/restore-targets.ts';
import { readEvent } from '../engine/read-event.ts';
import type { Service } from '../service/definition.ts';
import { answerOf, sameAnswers, type Answer } from './answer.ts';
import { createReplayEngine } from './replay-engine.ts';
import { endedByWish, recordedAnswers } from './recorded-answers.ts';
import { runUntilIdle } from './run-until-idle.ts';
import { standingJobs } from './standing-jobs.ts';

/**
 * How a build of a service answers an event, beside what was recorded. `same`: as recorded. `differs`: otherwise, though
 * nothing outside was asked. `world`: otherwise, and something decided it that no event tells of (an effect, a content, a
 * wish), so it cannot be judged. `refused`: the event would go to the dead letters.
 */
export interface Replayed {
  kind: 'same' | 'differs' | 'world' | 'refused';
  event: { id: string; topic: Topic; runId: string; at: string };
  recorded: readonly Answer[];
  answered: readonly Answer[];
  /** What was asked of the world first, or why the event was refused; null: neither. */
  because: string | null;
}

/** A build of a service, and how much of the world it has asked. */
export interface ServiceBuild<S extends ServiceName> {
  service: Service<S>;
  /** The name of the first thing that was asked outside since the last call; null: nothing. */
  takeTouched(): string | null;
}

export interface ReplayEvents<S extends ServiceName> {
  build: ServiceBuild<S>;
  /** All that is recorded, in any order; the state before each event is folded from what is older. */
  events: readonly Received<Topic>[];
  /** Which of them are given to the service, of those that it listens to. */
  chosen(event: Received<Topic>): boolean;
  artifacts: ArtifactStore;
  codec: EventCodec;
  plannedRelease: TargetWorld['plannedRelease'];
  /** An empty store that lasts as long as one event, whose time stands still. */
  openStore(now: Date): Promise<StoreRebuild>;
}

/** Gives recorded events to a service, each in the state that the older ones tell of. Publishes nothing. */
export async function replayEvents<S extends ServiceName>(options: ReplayEvents<S>): Promise<Replayed[]> {
  const { build, chosen } = options;
  const events = options.events.toSorted((left, right) => left.time.getTime() - right.time.getTime());
  const answers = recordedAnswers(events, build.service.name);
  const topics: readonly Topic[] = consumedBy(build.service.name);
  const replayed: Replayed[] = [];
  for (const [index, event] of events.entries()) {
    if (!topics.includes(event.topic) || event.source === build.service.name || !chosen(event)) continue;
    const recorded = answers.get(event.id) ?? [];
    replayed.push(await replayOne({ ...options, event, before: events.slice(0, index), recorded }));
  }
  return replayed;
}

interface One<S extends ServiceName> extends ReplayEvents<S> {
  event: Received<Topic>;
  before: readonly Received<Topic>[];
  recorded: readonly Received<Topic>[];
}

async function replayOne<S extends ServiceName>(one: One<S>): Promise<Replayed> {
  const { event, recorded, build } = one;
  const { id, topic, runId, time } = event;
  const base = { event: { id, topic, runId, at: time.toISOString() }, recorded: recorded.map(answerOf) };
  const rebuild = await one.openStore(time);
  try {
    const artifacts = createAskedArtifacts(one.artifacts);
    const engine = createReplayEngine({ ...one, artifacts, store: rebuild.store, now: time });
    await restoreBefore(one, rebuild, engine);
    build.takeTouched();
    artifacts.takeAsked();
    await rebuild.store.accept(await plan(engine, { event, traceparent: null }));
    await runUntilIdle(engine);
    const answered = await readAnswers(engine);
    const touched = build.takeTouched() ?? artifacts.takeAsked();
    const units = [...answered, ...base.recorded].map(({ unit }) => unit);
    const wish = endedByWish(one.events, { service: build.service.name, runId, units }) ? 'a wish' : null;
    return { ...base, ...judge({ recorded: base.recorded, answered, unknown: touched ?? wish }) };
  } catch (error) {
    return { ...base, kind: 'refused', answered: [], because: error instanceof Error ? error.message : String(error) };
  } finally {
    await rebuild.close();
  }
}

interface Judged {
  recorded: readonly Answer[];
  answered: readonly Answer[];
  /** What the answer depends on and no event tells of; null: nothing. */
  unknown: string | null;
}

function judge({ recorded, answered, unknown }: Judged): Pick<Replayed, 'kind' | 'answered' | 'because'> {
  if (sameAnswers(recorded, answered)) return { kind: 'same', answered, because: null };
  return { kind: unknown === null ? 'differs' : 'world', answered, because: unknown };
}

// Whoever published the event had written its state before: only what the service itself waited for is older.
async function restoreBefore<S extends ServiceName>(
  one: One<S>,
  rebuild: StoreRebuild,
  engine: Engine<S>,
): Promise<void> {
  const { before, event, artifacts, plannedRelease, build } = one;
  const { store } = rebuild;
  const events = [...before, event];
  const rebuilding = { identity: 'replay', now: event.time };
  const runs = await gatherRuns(events, artifacts);
  for (const run of runs) {
    const restored = restoredRun(run);
    await rebuild.restoreRun({ ...restored, seen: restored.seen.filter(({ eventId }) => eventId !== event.id) });
  }
  await restoreTargets({ store, runs, events, world: { plannedRelease, look: async () => null }, ...rebuilding });
  const own = (await gatherRuns(before, artifacts)).find(({ folded }) => folded.runId === event.runId);
  if (own === undefined) return;
  await restoreDoneJobs(
    store,
    findDoneJobs(own, rebuilding).filter(({ service }) => service === build.service.name),
  );
  await restoreInputs(store, own, rebuilding);
  const { jobs, gates } = standingJobs(own, build.service.name, rebuilding);
  for (const gate of gates) await armGate(store, gate, rebuilding);
  for (const job of jobs) await store.enqueue(job);
  await runUntilIdle(engine);
  await discardAnswers(engine);
  for (const wish of wishesIn(one)) {
    await store.setWish({ runId: event.runId, wish, generation: null, units: null, reason: 'recorded', actor: null });
  }
}

const told: Readonly<Record<string, WishKind>> = {
  cancelled_by_person: 'cancel',
  superseded: 'superseded',
  run_deadline: 'deadline',
  halted: 'halted',
};

// A wish is in the store alone; who obeyed it has told.
function wishesIn<S extends ServiceName>({ recorded }: One<S>): WishKind[] {
  return recorded.flatMap(({ data }) => ('reason' in data && data.reason !== null ? (told[data.reason] ?? []) : []));
}

async function discardAnswers<S extends ServiceName>({ store, service }: Engine<S>): Promise<void> {
  const entries = await store.readOutbox(service.name, 1000);
  await store.acknowledge(
    service.name,
    entries.map(({ position }) => position),
  );
}

async function readAnswers<S extends ServiceName>({ store, service, codec }: Engine<S>): Promise<Answer[]> {
  const entries = await store.readOutbox(service.name, 1000);
  const answers: Answer[] = [];
  for (const { record } of entries) {
    const { topic, key, value, headers } = record;
    const incoming = {
      topic,
      partition: 0,
      offset: '0',
      key: Buffer.from(key),
      value,
      headers,
      timestamp: new Date(0),
    };
    answers.push(answerOf((await readEvent(codec, incoming)).event));
  }
  return answers;
}

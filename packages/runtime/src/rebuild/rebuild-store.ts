import { isOf, isServiceName, type Received, type Topic } from '@orchestra/contracts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { GateJob, NewJob } from '../ports/jobs.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { StoreRebuild } from '../ports/store-rebuild.ts';
import type { Rebuilding, RunFacts } from './facts.ts';
import { findDoneJobs } from './find-done-jobs.ts';
import { findInputs, findLeaves } from './find-leaves.ts';
import { gatherRuns } from './gather-runs.ts';
import { readEvents } from './read-events.ts';
import { restoredRun } from './restored-run.ts';
import { restoreAnswers, type ApprovalsOf } from './restore-answers.ts';
import { restoreTargets, type TargetWorld } from './restore-targets.ts';
import { restoreTasks, type TasksOf } from './restore-tasks.ts';
import { restoreWishes } from './restore-wishes.ts';
import { deadlineJob } from '../service/deadline-job.ts';
import { emptyFinish } from '../service/empty-finish.ts';

export interface RebuildStore extends Rebuilding {
  bus: EventBus;
  codec: EventCodec;
  artifacts: Pick<ArtifactStore, 'read'>;
  world: TargetWorld;
  approvalsOf: ApprovalsOf;
  tasksOf: TasksOf;
  rebuild: StoreRebuild;
}

/** What a rebuild has written. */
export interface Rebuilt {
  identity: string;
  events: number;
  /** Records that nobody can read. */
  unreadable: number;
  runs: number;
  /** Runs that go on. */
  unfinished: number;
  /** Jobs and gates that were queued. */
  queued: number;
  targets: number;
}

/**
 * Folds the topics into an empty store without running any handler, reads the targets back from the world, queues what is
 * unfinished, and makes the store the one that services see with its last step. An error before that leaves the store
 * without an identity, and the rebuild may be repeated. The caller closes `rebuild`.
 *
 * @throws OrchestraError `BUS_UNAVAILABLE`, `REGISTRY_UNAVAILABLE`, `STORE_UNAVAILABLE`, `TARGET_UNREACHABLE`, retriable
 */
export async function rebuildStore(options: RebuildStore): Promise<Rebuilt> {
  const { rebuild, artifacts, world, identity, now } = options;
  const { store } = rebuild;
  const { events, unreadable } = await readEvents(options);
  const runs = await gatherRuns(events, artifacts);
  for (const run of runs) await rebuild.restoreRun(restoredRun(run));
  await restoreSeen(store, events);
  await restoreHeads(store, runs);
  for (const run of runs) await restoreDoneJobs(store, findDoneJobs(run, options));
  for (const run of runs) await restoreInputs(store, run, options);
  const { targets, environments } = await restoreTargets({ store, runs, events, world, identity, now });
  await restoreWishes(store, runs);
  await restoreAnswers(store, runs, options.approvalsOf);

  const unfinished = runs.filter(({ standing }) => standing.unfinished.size > 0);
  const restored = { runs, targets: [...targets, ...environments], identity, now };
  let queued = await restoreTasks(store, options.tasksOf, restored);
  for (const run of unfinished) queued += await queue(store, run, options);
  await rebuild.commit();
  return {
    identity,
    events: events.length,
    unreadable,
    runs: runs.length,
    unfinished: unfinished.length,
    queued,
    targets: targets.length,
  };
}

// Orders about a repository, which belong to no run: without this they would be obeyed again if they came again.
async function restoreSeen(store: RunStore, events: readonly Received<Topic>[]): Promise<void> {
  const orders = events.filter((event) => isOf(event, 'operator_command')).filter(({ runId }) => runId === '');
  for (const { id: eventId, data } of orders) {
    if (!isServiceName(data.addressee)) continue;
    await store.accept({ ...noAcceptance, service: data.addressee, eventId, runId: null });
  }
}

// Where each ref stood: the look at the forge must not take for missed what has run.
async function restoreHeads(store: RunStore, runs: readonly RunFacts[]): Promise<void> {
  const newest = new Map(runs.map(({ identity }) => [`${identity.repository} ${identity.ref}`, identity]));
  for (const { repository, ref, commit, pullRequest } of newest.values()) {
    if (pullRequest === null) await store.noteHead({ repository, ref, expected: null, commit });
  }
}

/** Writes jobs that were done: each is the only one in the queue, so it is the one that is claimed and ended. */
export async function restoreDoneJobs(store: RunStore, jobs: readonly NewJob[]): Promise<void> {
  for (const job of jobs) {
    await store.enqueue(job);
    const { service } = job;
    const claimed = await store.claim({ service, owner: 'rebuild', leaseMs: 60_000, except: [], maxStalls: 1 });
    if (claimed !== null) await store.finish(claimed, emptyFinish);
  }
}

async function queue(store: RunStore, facts: RunFacts, rebuilding: Rebuilding): Promise<number> {
  const { jobs, gates } = findLeaves(facts, rebuilding);
  for (const job of jobs) await store.enqueue(job);
  for (const gate of gates) await armGate(store, gate, rebuilding);
  await store.enqueue(deadlineOf(facts, rebuilding));
  return jobs.length + gates.length;
}

/** Arms a gate of a run whose outcomes are there. */
export async function armGate(store: RunStore, gate: GateJob, { identity }: Rebuilding): Promise<void> {
  const { service, runId, unit, generation } = gate;
  const eventId = `rebuild:${identity}:${generation}:${unit}`;
  await store.accept({ ...noAcceptance, service, runId, eventId, arm: [gate] });
}

/** Writes the outcomes that gates wait for. */
export async function restoreInputs(store: RunStore, facts: RunFacts, { identity }: Rebuilding): Promise<void> {
  const { runId } = facts.folded;
  for (const { service, input } of findInputs(facts)) {
    const eventId = `rebuild:${identity}:input:${service}:${input.unit}`;
    await store.accept({ ...noAcceptance, service, runId, eventId, input });
  }
}

// gitops ends a run at its deadline; a run that is older ends at once.
function deadlineOf(facts: RunFacts, { identity, now }: Rebuilding): NewJob {
  const { runId, generation } = facts.folded;
  const { deadlineAt } = restoredRun(facts);
  return deadlineJob({ runId, generation, deadlineAt, cause: `rebuild:${identity}:deadline:${runId}`, now });
}

const noAcceptance = { job: null, arm: [], input: null, follow: false };

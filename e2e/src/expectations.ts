import { expect } from '@jest/globals';
import type { ShownRun } from '@orchestra/cli';
import type { HistoryEntry } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import type { Step } from './scenario.ts';
import type { Story } from './story.ts';

type Of<K extends string> = Extract<Step, Record<K, unknown>>[K & keyof Extract<Step, Record<K, unknown>>];

const patienceMs = 90_000;

/** Waits until a run looks as the story says, or has ended otherwise. */
export async function waitForRun(story: Story, look: Of<'wait'>): Promise<void> {
  const seen = await eventually({
    see: async () => shownOf(await story.platform.api.readRun(runIdOf(story, look.run))),
    until: (shown) => looksLike(shown, look) || hasEndedOtherwise(shown, look),
    timeoutMs: patienceMs,
  });
  const { status, generation, units } = look;
  expect(seen).toMatchObject({
    ...(status === undefined ? {} : { status }),
    ...(generation === undefined ? {} : { generation }),
    ...(units === undefined ? {} : { units }),
  });
}

interface Shown {
  kind: 'open' | 'ended';
  status: string;
  generation: number;
  reason: string;
  units: Record<string, string>;
}

function shownOf({ run, overall }: ShownRun): Shown {
  const units = Object.entries(run.units).map(([unit, { status }]) => [unit, status]);
  const { kind, status, reason } = overall;
  return { kind, status, generation: run.generation, reason, units: Object.fromEntries(units) };
}

function looksLike(shown: Shown, { status, generation, units = {} }: Of<'wait'>): boolean {
  return (
    (status === undefined || shown.status === status) &&
    (generation === undefined || shown.generation === generation) &&
    Object.entries(units).every(([unit, wanted]) => shown.units[unit] === wanted)
  );
}

function hasEndedOtherwise(shown: Shown, { generation = shown.generation }: Of<'wait'>): boolean {
  return shown.kind === 'ended' && shown.generation >= generation;
}

/** Compares what users of an environment have met since the mark. */
export async function expectUsers({ users }: Story, expected: Of<'users'>): Promise<void> {
  const met = users.get(expected.environment);
  if (met === undefined) throw new Error(`The story has no traffic in ${expected.environment}`);
  const { traffic, since } = met;
  await eventually({ see: () => traffic.latest(), until: (latest) => latest === expected.answers });
  const errors = traffic.errors() - since.errors;
  const percent = (100 * errors) / (traffic.total() - since.total);
  expect(percent).toBeLessThanOrEqual(expected.atMostErrorsPercent);
}

/** Compares when one unit of a run began with when another one ended. */
export async function expectBegan(story: Story, { run, unit, after }: Of<'began'>): Promise<void> {
  const { run: state } = await story.platform.api.readRun(runIdOf(story, run));
  const began = Date.parse(state.units[unit]?.startedAt ?? '');
  expect(began).toBeGreaterThanOrEqual(Date.parse(state.units[after]?.endedAt ?? ''));
}

/** Counts the events of a topic in a run's history. */
export async function expectEvents(story: Story, { run, topic, count }: Of<'events'>): Promise<void> {
  const answer = await story.platform.api.read<{ history: HistoryEntry[] }>(`/runs/${runIdOf(story, run)}/history`);
  expect(answer.history.filter(({ kind, what }) => kind === 'event' && what === topic)).toHaveLength(count);
}

/** Looks up a value in a run's slices. */
export async function expectSlice(story: Story, { run, path, is }: Of<'slice'>): Promise<void> {
  const { run: state } = await story.platform.api.readRun(runIdOf(story, run));
  expect(path.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), state.slices)).toBe(is);
}

/** Waits until a value in a run's slices is there. */
export async function expectShown(story: Story, { run, path, is }: Of<'shows'>): Promise<void> {
  const seen = await eventually({
    see: async () => {
      const { run: state } = await story.platform.api.readRun(runIdOf(story, run));
      return path.split('.').reduce<unknown>((at, key) => Reflect.get(Object(at), key), state.slices);
    },
    until: (value) => value === is,
    timeoutMs: patienceMs,
  });
  expect(seen).toBe(is);
}

/** Waits for a decision in a run's history. */
export async function expectHistory(story: Story, { run, what, reason }: Of<'history'>): Promise<void> {
  const path = `/runs/${runIdOf(story, run)}/history`;
  const found = await eventually({
    see: async () => (await story.platform.api.read<{ history: HistoryEntry[] }>(path)).history,
    until: (history) => history.some((entry) => entry.what === what && entry.reason === reason),
    timeoutMs: patienceMs,
  });
  expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ what, reason })]));
}

/** Compares what serves in several environments. */
export async function expectSameArtifact(story: Story, { service, environments }: Of<'sameArtifact'>): Promise<void> {
  const { targets } = await story.platform.api.read<{ targets: ShownTarget[] }>('/targets');
  const digests = environments.map((environment) => {
    const found = targets.find(({ key }) => key === `${story.name}/${environment}/${service}`);
    return found?.target.current?.manifest.artifactDigest;
  });
  expect(digests).toEqual(environments.map(() => expect.stringMatching(/^sha256:[0-9a-f]{64}$/)));
  expect(new Set(digests).size).toBe(1);
}

/** Looks for a word in the explanation of a run. */
export async function expectWhy(story: Story, { run, says }: Of<'why'>): Promise<void> {
  const answer = await story.platform.api.read<unknown>(`/runs/${runIdOf(story, run)}/why`);
  expect(JSON.stringify(answer)).toContain(says);
}

interface ShownTarget {
  key: string;
  target: { current: { commit: string; manifest: { artifactDigest: string } } | null };
}

/** Waits until the commit of a push is the one that serves. */
export async function expectTarget(story: Story, { environment, service, commitOf }: Of<'target'>): Promise<void> {
  const key = `${story.name}/${environment}/${service}`;
  const wanted = story.runs.get(commitOf)?.push.after;
  const serving = await eventually({
    see: async () => {
      const { targets } = await story.platform.api.read<{ targets: ShownTarget[] }>('/targets');
      return targets.find((target) => target.key === key)?.target.current?.commit;
    },
    until: (commit) => commit === wanted,
  });
  expect(serving).toBe(wanted);
}

function runIdOf(story: Story, run: string): string {
  const known = story.runs.get(run);
  if (known === undefined) throw new Error(`The story has no run ${run}`);
  return known.runId;
}

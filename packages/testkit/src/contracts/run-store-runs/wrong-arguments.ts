import { expect, it } from '@jest/globals';
import type { RunStore } from '@orchestra/runtime';
import { admitRun, aGate, aJob, anAcceptance, anAdmission, anInput, aRetry, aWish, hour, mustClaim } from './given.ts';
import type { Under } from './place.ts';

type Wrong = (store: RunStore, runId: string) => Promise<unknown>;

const wrong: readonly [string, Wrong][] = [
  ['admit without a repository', async (store) => store.admit(anAdmission({ repository: '' }))],
  ['admit without a delivery', async (store) => store.admit(anAdmission({}, { delivery: '' }))],
  ['admit without a content', async (store) => store.admit(anAdmission({}, { content: '' }))],
  ['admit with half a limit', async (store) => store.admit(anAdmission({}, { maxSupersedes: 0.5 }))],
  ['admit with a job of another run', async (store, runId) => store.admit(anAdmission({}, { job: aJob(runId) }))],
  ['accept without an event', async (store, runId) => store.accept(anAcceptance(runId, { eventId: '' }))],
  ['accept for the empty run', async (store) => store.accept(anAcceptance(''))],
  ['accept a job whose payload is no JSON', acceptJob({ payload: '{' })],
  ['accept a job with no time left', acceptJob({ delayMs: Number.NaN })],
  ['accept a job before now', acceptJob({ delayMs: -1 })],
  ['accept a job of infinite length', acceptJob({ maxMs: Number.POSITIVE_INFINITY })],
  ['accept a job of another service', acceptJob({ service: 'test' })],
  ['accept a job of another run', acceptJob({ runId: 'another run' })],
  ['accept a gate without a run', async (store) => acceptGate(store, null, 'a run')],
  ['accept a gate of another run', async (store, runId) => acceptGate(store, runId, 'another run')],
  ['accept an input of half a generation', acceptInput({ generation: 1.5 })],
  ['accept an input without a unit', acceptInput({ unit: '' })],
  ['wish without a reason', async (store, runId) => store.setWish(aWish(runId, { reason: '' }))],
  ['wish for a generation below', async (store, runId) => store.setWish(aWish(runId, { generation: -1 }))],
  ['wish for a unit without a name', async (store, runId) => store.setWish(aWish(runId, { units: ['test', ''] }))],
  ['retry without an actor', async (store, runId) => store.retry(aRetry(runId, { actor: '' }))],
  ['retry a unit without a name', async (store, runId) => store.retry(aRetry(runId, { remade: ['test', ''] }))],
  [
    'retry with a job of the old generation',
    async (store, runId) => store.retry(aRetry(runId, { jobs: [aJob(runId)] })),
  ],
  [
    'retry with a gate of the old generation',
    async (store, runId) => store.retry(aRetry(runId, { gates: [aGate(runId)] })),
  ],
  ['retry with a deadline behind us', async (store, runId) => store.retry(aRetry(runId, { deadlineMs: -1 }))],
  ['answer without a key', async (store, runId) => store.answer(runId, '', '1')],
  ['answer with no JSON', async (store, runId) => store.answer(runId, 'a key', 'yes')],
  ['render with no JSON', async (store, runId) => store.writeRendered('chatops', runId, { '#shop': 'text' })],
  ['settle half a revision', async (store, runId) => store.settleDirty('gitops', runId, 0.5)],
  [
    'settle half a revision and claim',
    async (store, runId) => store.settleAndClaimDirty('gitops', { runId, v: 0.5 }, 1_000),
  ],
  ['keep a sample of no number', async (store) => keep(store, { latency_ms: Number.NaN })],
  ['read samples of no time', async (store) => store.readSamples({ target: 'a/b/c', from: '', to: 'now' })],
  ['list a number of runs below none', async (store) => store.listRuns({ repository: null, limit: -1, before: null })],
];

/** That a step looks at all of its arguments before its first write. */
export function testWrongArguments(under: Under): void {
  it.each(wrong)('refuses to %s, and writes nothing', async (_what, attempt) => {
    const { store } = under();
    const runId = await admitRun(store);
    await mustClaim(store, 'gitops');
    const before = await lookAt(store, runId);

    await expect(attempt(store, runId)).rejects.toMatchObject({ code: 'STORE_ARGUMENT_INVALID', retriable: false });

    expect(await lookAt(store, runId)).toEqual(before);
  });
}

async function lookAt(store: RunStore, runId: string): Promise<unknown> {
  return {
    runs: await store.listRuns({ repository: null, limit: 10, before: null }),
    jobs: await store.readJobs(runId),
    history: await store.readHistory(runId),
    stats: [await store.stats('gitops'), await store.stats('build'), await store.stats('iac')],
  };
}

async function keep(store: RunStore, values: Readonly<Record<string, number>>): Promise<unknown> {
  return store.keepSample({ target: 'a/b/c', at: '2030-01-01T00:00:00Z', release: 'r1', values });
}

function acceptJob(change: Parameters<typeof aJob>[1]): Wrong {
  return async (store, runId) => store.accept(anAcceptance(runId, { job: aJob(runId, change) }));
}

async function acceptGate(store: RunStore, runId: string | null, gateRunId: string): Promise<unknown> {
  return store.accept(anAcceptance(runId, { service: 'iac', arm: [aGate(gateRunId, { delayMs: hour })] }));
}

function acceptInput(change: Parameters<typeof anInput>[1]): Wrong {
  return async (store, runId) => store.accept(anAcceptance(runId, { input: anInput('test', change) }));
}

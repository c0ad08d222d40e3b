import { expect, it } from '@jest/globals';
import { admitRun, aFinish, anAcceptance, anAdmission, aPark, aRetry, aWish, claimFrom } from './given.ts';
import type { RunStore } from '@orchestra/runtime';
import type { Under } from './place.ts';

/** The marker that tells an emptied or foreign store from the right one. */
export function testIdentity(under: Under): void {
  it('knows that it is empty', async () => {
    expect(await under().store.identity()).toBeNull();
  });

  it('keeps the first identity', async () => {
    const { store } = under();

    expect(await store.initialize('first')).toBe('first');
    expect(await store.initialize('second')).toBe('first');
    expect(await store.identity()).toBe('first');
  });

  it('lets nobody work before it has one', async () => {
    const { store } = under();

    const outcomes = await Promise.all(
      Object.entries(attempts(store)).map(async ([step, attempt]) => [step, await outcomeOf(attempt())]),
    );
    await store.initialize('late');

    const refusal = { code: 'STORE_NOT_INITIALIZED', retriable: true };
    expect(outcomes).toMatchObject(outcomes.map(([step]) => [step, refusal]));
    expect(await store.listRuns({ repository: null, limit: 10, before: null })).toEqual([]);
    expect(await claimFrom(store, 'gitops')).toBeNull();
  });
}

function attempts(store: RunStore): Record<string, () => Promise<unknown>> {
  const lease = { jobId: 'a job', service: 'build', token: 1 } as const;
  return {
    admit: async () => admitRun(store),
    accept: async () => store.accept(anAcceptance('a run')),
    enqueue: async () => store.enqueue(anAdmission().job),
    claim: async () => claimFrom(store, 'gitops'),
    renew: async () => store.renew(lease, 1_000),
    finish: async () => store.finish(lease, aFinish()),
    retryLater: async () => store.retryLater(lease, 0, 'error'),
    park: async () => store.park(lease, aPark()),
    release: async () => store.release(lease),
    reap: async () => store.reap('build', 10),
    note: async () => store.note(lease, {}, []),
    setWish: async () => store.setWish(aWish('a run')),
    retry: async () => store.retry(aRetry('a run')),
    answer: async () => store.answer('a run', 'a key', '1'),
    readAnswer: async () => store.readAnswer('a run', 'a key'),
    takeRelay: async () => store.takeRelay('build', 'a relay', 1_000),
    readOutbox: async () => store.readOutbox('build', 10),
    claimDirty: async () => store.claimDirty('gitops', 1_000),
    settleDirty: async () => store.settleDirty('gitops', 'a run', 1),
    settleAndClaimDirty: async () => store.settleAndClaimDirty('gitops', { runId: 'a run', v: 1 }, 1_000),
    readRun: async () => store.readRun('a run'),
    findRun: async () => store.findRun('a repository', 1),
    readJobs: async () => store.readJobs('a run'),
    readTarget: async () => store.readTarget('a target'),
    stats: async () => store.stats('build'),
    nextDueMs: async () => store.nextDueMs('build', []),
    audit: async () => store.audit({}),
  };
}

async function outcomeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.catch((error: unknown) => error);
}

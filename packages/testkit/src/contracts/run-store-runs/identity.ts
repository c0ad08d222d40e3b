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

    for (const attempt of attempts(store)) {
      await expect(attempt()).rejects.toMatchObject({ code: 'STORE_NOT_INITIALIZED', retriable: true });
    }
    await store.initialize('late');

    expect(await store.listRuns({ repository: null, limit: 10, before: null })).toEqual([]);
    expect(await claimFrom(store, 'gitops')).toBeNull();
  });
}

function attempts(store: RunStore): (() => Promise<unknown>)[] {
  const lease = { jobId: 'a job', service: 'build', token: 1 } as const;
  return [
    async () => admitRun(store),
    async () => store.accept(anAcceptance('a run')),
    async () => store.enqueue(anAdmission().job),
    async () => claimFrom(store, 'gitops'),
    async () => store.renew(lease, 1_000),
    async () => store.finish(lease, aFinish()),
    async () => store.retryLater(lease, 0, 'error'),
    async () => store.park(lease, aPark()),
    async () => store.release(lease),
    async () => store.reap('build', 10),
    async () => store.note(lease, {}, []),
    async () => store.setWish(aWish('a run')),
    async () => store.retry(aRetry('a run')),
    async () => store.answer('a run', 'a key', '1'),
    async () => store.readAnswer('a run', 'a key'),
    async () => store.takeRelay('build', 'a relay', 1_000),
    async () => store.readOutbox('build', 10),
    async () => store.acknowledge('build', []),
    async () => store.claimDirty('gitops', 1_000),
    async () => store.settleDirty('gitops', 'a run', 1),
    async () => store.readRun('a run'),
    async () => store.findRun('a repository', 1),
    async () => store.readJobs('a run'),
    async () => store.readTarget('a target'),
    async () => store.stats('build'),
    async () => store.nextDueMs('build'),
    async () => store.audit({}),
  ];
}

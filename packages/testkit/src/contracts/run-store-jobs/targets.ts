import { describe, expect, it } from '@jest/globals';
import type { Quarantined, TargetChange } from '@orchestra/runtime';
import { aChange, aClaim, aFinish, aJob, anEntry, aPark, aRecord, claimed, givenBuilding, minute } from './given.ts';
import { observe, run, type RunStoreUnderTest, type Under } from './given.ts';

const key = aChange().key;

const bad: Quarantined = {
  repository: 'acme/shop',
  key: 'sha256:bad',
  runId: run,
  release: 'r1',
  reason: 'breach',
  alertId: null,
  breach: { metric: 'error_ratio', value: 0.2, threshold: 0.05, baseline: 0.01 },
  at: '2030-01-01T00:00:00.000Z',
};

/** Changes of targets: in the middle of a job, at its end, and when it falls asleep. */
export function testTargets(under: Under): void {
  describe('a target', () => {
    it('begins at version 1, goes on from the version it was decided on, and keeps the lease', async () => {
      const { store } = under();
      const job = await givenBuilding(store);

      expect(await store.readTarget(key)).toBeNull();
      expect(await store.changeTarget(job, aChange({ target: '{"lane":[]}' }))).toBe('finished');
      expect(await store.changeTarget(job, aChange({ expected: 1, target: '{"lane":2}' }))).toBe('finished');

      expect(await store.readTarget(key)).toEqual({ key, version: 2, target: '{"lane":2}' });
      expect(await store.finish(job, aFinish())).toBe('finished');
    });

    it('is changed by one of many who decided on the same version', async () => {
      const { store } = under();
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await Promise.all(ids.map(async (jobId) => store.enqueue(aJob({ jobId }))));
      const jobs = await Promise.all(ids.map(async () => claimed(store)));

      const ends = await Promise.all(
        jobs.map(async (job) => store.changeTarget(job, aChange({ target: JSON.stringify(job.jobId) }))),
      );

      expect(ends.filter((end) => end === 'finished')).toHaveLength(1);
      expect(ends.filter((end) => end === 'target_moved')).toHaveLength(4);
      expect((await store.readTarget(key))?.version).toBe(1);
    });

    describe.each([
      ['finish', finishWith],
      ['park', parkWith],
      ['changeTarget', changeWith],
    ] as const)('in %s', (_step, end) => {
      it.each([
        ['it was made meanwhile', aChange()],
        ['it moved on', aChange({ expected: 7 })],
      ])('is refused as moved when %s; nothing is written and the lease holds', async (_why, change) => {
        const { store } = under();
        const job = await givenBuilding(store);
        await store.changeTarget(job, aChange());
        const before = await observe(store);

        expect(await end(under(), change, job)).toBe('target_moved');

        expect(await observe(store)).toEqual(before);
        expect(await store.renew(job, minute)).toMatchObject({ kind: 'held' });
      });

      it('is refused when the version is in quarantine; nothing is written and the lease holds', async () => {
        const { store } = under();
        const job = await givenBuilding(store);
        await store.changeTarget(job, aChange({ key: 'acme/shop/staging/other', quarantine: [bad] }));
        const before = await observe(store);
        const unlessQuarantined = { repository: 'acme/shop', keys: ['sha256:good', 'sha256:bad'] };

        expect(await end(under(), aChange({ unlessQuarantined }), job)).toBe('quarantined');

        expect(await observe(store)).toEqual(before);
        expect(await store.renew(job, minute)).toMatchObject({ kind: 'held' });
      });

      it('is changed when nothing speaks against it', async () => {
        const { store } = under();
        const job = await givenBuilding(store);
        const unlessQuarantined = { repository: 'acme/shop', keys: ['sha256:bad'] };

        expect(await end(under(), aChange({ unlessQuarantined, quarantine: [bad] }), job)).toMatch(/finished|parked/);

        expect(await store.readTarget(key)).toMatchObject({ version: 1 });
        expect(await store.readQuarantine('acme/shop')).toEqual([bad]);
      });
    });

    it('lists by repository, which is the key without environment and service', async () => {
      const { store } = under();
      await store.enqueue(aJob());
      const job = await claimed(store);
      const keys = [
        'acme/shop/staging/web',
        'acme/shop/production/web',
        'acme/shop-2/staging/web',
        'acme/b/shop/s/web',
      ];
      await Promise.all(keys.map(async (other) => store.changeTarget(job, aChange({ key: other }))));

      const found = await store.listTargets('acme/shop');

      expect(found.map((target) => target.key)).toEqual(['acme/shop/production/web', 'acme/shop/staging/web']);
      expect(await store.listTargets(null)).toHaveLength(4);
      expect(await store.listTargets('acme/none')).toEqual([]);
    });

    it('keeps a version in quarantine until a person lets it out', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.changeTarget(job, aChange({ quarantine: [bad] }));
      await store.changeTarget(job, aChange({ expected: 1, quarantine: [{ ...bad, reason: 'again' }] }));

      expect(await store.readQuarantine('acme/shop')).toEqual([bad]);
      expect(await store.readQuarantine('acme/other')).toEqual([]);
      expect(await store.releaseQuarantine('acme/shop', 'sha256:bad')).toBe(true);
      expect(await store.releaseQuarantine('acme/shop', 'sha256:bad')).toBe(false);

      expect(await store.readQuarantine('acme/shop')).toEqual([]);
    });
  });

  testWaking(under);
}

function testWaking(under: Under): void {
  describe('a wake', () => {
    it('makes a parked job of any service ready in the same step, with its memo', async () => {
      const { store } = under();
      await store.enqueue(aJob({ jobId: 'waiter', service: 'deploy' }));
      await store.park(await claimed(store, 'deploy'), aPark({ memo: '"old"' }));
      const wake = [{ service: 'deploy', jobId: 'waiter', memo: '{"lane":[]}' }] as const;

      await store.finish(await givenBuilding(store), aFinish({ target: aChange({ wake }) }));

      expect(await claimed(store, 'deploy')).toMatchObject({ jobId: 'waiter', memo: '{"lane":[]}' });
    });

    it.each(['unknown', 'queued', 'done'] as const)('of a job that is %s is ignored', async (state) => {
      const { store } = under();
      await givenSleeper(under(), state);
      const wake = [{ service: 'deploy', jobId: 'waiter', memo: '1' }] as const;

      expect(await store.changeTarget(await givenBuilding(store), aChange({ wake }))).toBe('finished');

      const job = await store.claim(aClaim({ service: 'deploy' }));
      expect(job === null ? state : job.memo).toBe(state === 'queued' ? null : state);
    });

    it('of a running job refuses its next sleep, once', async () => {
      const { store } = under();
      await store.enqueue(aJob({ jobId: 'waiter', service: 'deploy' }));
      const waiter = await claimed(store, 'deploy');
      const wake = [{ service: 'deploy', jobId: 'waiter', memo: null }] as const;
      await store.changeTarget(await givenBuilding(store), aChange({ wake }));

      expect(await store.park(waiter, aPark())).toBe('answered');
      expect(await store.park(waiter, aPark())).toBe('parked');

      expect(await store.claim(aClaim({ service: 'deploy' }))).toBeNull();
    });

    it('never wakes the job that changes the target', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      const wake = [{ service: 'build', jobId: job.jobId, memo: null }] as const;

      expect(await store.park(job, aPark({ target: aChange({ wake }) }))).toBe('parked');

      expect(await store.claim(aClaim())).toBeNull();
    });
  });
}

async function givenSleeper({ store }: RunStoreUnderTest, state: 'unknown' | 'queued' | 'done'): Promise<void> {
  if (state === 'unknown') return;
  await store.enqueue(aJob({ jobId: 'waiter', service: 'deploy' }));
  if (state === 'done') await store.finish(await claimed(store, 'deploy'), aFinish());
}

type Job = Awaited<ReturnType<typeof claimed>>;

// The rest of each step says as much as it can, so that nothing of it may be written when the target refuses.
function finishWith({ store }: RunStoreUnderTest, target: TargetChange, job: Job): Promise<string> {
  const rest = {
    status: 'success',
    slice: { a: '1' },
    outbox: [aRecord()],
    history: [anEntry()],
    notes: ['x'],
  } as const;
  const jobs = [aJob({ jobId: 'next', runId: run })];
  return store.finish(job, aFinish({ ...rest, jobs, target, wish: { wish: 'halted', reason: 'x' } }));
}

function parkWith({ store }: RunStoreUnderTest, target: TargetChange, job: Job): Promise<string> {
  return store.park(job, aPark({ slice: { a: '1' }, memo: '1', delayMs: 0, target }));
}

function changeWith({ store }: RunStoreUnderTest, target: TargetChange, job: Job): Promise<string> {
  return store.changeTarget(job, target);
}

import { describe, expect, it } from '@jest/globals';
import { aClaim, aFinish, aJob, claimed, givenBuilding, minute, run, type Under } from './given.ts';

/** `renew`, `reap`, `release`, `retryLater`: the right to work, and how it ends without a result. */
export function testLeasing(under: Under): void {
  describe('renew', () => {
    it('extends a lease from now', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob());
      const job = await claimed(store);
      await advance(minute / 2);

      expect(await store.renew(job, minute)).toEqual({ kind: 'held', wishes: [] });

      await advance(minute * 0.75);
      expect(await store.reap('build', 10)).toBe(0);
      await advance(minute / 2);
      expect(await store.reap('build', 10)).toBe(1);
    });

    it('holds a lease that is over as long as nobody took the job back', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob());
      const job = await claimed(store);
      await advance(2 * minute);

      expect(await store.renew(job, minute)).toMatchObject({ kind: 'held' });

      expect(await store.reap('build', 10)).toBe(0);
    });

    it('extends under a wish, and tells it', async () => {
      const { store, advance } = under();
      const job = await givenBuilding(store);
      await store.setWish({ runId: run, wish: 'cancel', generation: null, units: null, reason: 'asked', actor: 'ada' });
      await advance(minute / 2);

      const renewed = await store.renew(job, minute);

      expect(renewed).toMatchObject({ kind: 'held', wishes: [{ wish: 'cancel', generation: 1, actor: 'ada' }] });
      await advance(minute * 0.75);
      expect(await store.reap('build', 10)).toBe(0);
    });

    it('tells a wish only to jobs that it binds', async () => {
      const { store } = under();
      const job = await givenBuilding(store, { bound: false });
      await store.setWish({ runId: run, wish: 'cancel', generation: null, units: null, reason: 'asked', actor: null });

      expect(await store.renew(job, minute)).toEqual({ kind: 'held', wishes: [] });
    });
  });

  describe('reap', () => {
    it('returns a job whose lease expired, counts a stall and no attempt', async () => {
      const { store, advance } = under();
      const job = await givenBuilding(store);
      await advance(minute + 1);

      expect(await store.reap('build', 10)).toBe(1);

      expect((await store.readRun(run))?.units['build']?.status).toBe('queued');
      expect(await store.readJob('job-1')).toMatchObject({
        status: 'queued',
        stalls: 1,
        owner: null,
        leaseEndsAt: null,
      });
      const again = await claimed(store);
      expect(again).toMatchObject({ attempt: 1, stalls: 1 });
      expect(again.token).toBeGreaterThan(job.token);
    });

    it('leaves living leases, other services and what is over its limit', async () => {
      const { store, advance } = under();
      const ids = ['a', 'b', 'c'];
      await Promise.all(ids.map(async (jobId) => store.enqueue(aJob({ jobId }))));
      await store.enqueue(aJob({ jobId: 'tests', service: 'test' }));
      await Promise.all([...ids.map(async () => claimed(store)), claimed(store, 'test')]);
      expect(await store.reap('build', 10)).toBe(0);
      await advance(2 * minute);

      expect(await store.reap('build', 2)).toBe(2);
      expect(await store.reap('build', 0)).toBe(0);
      expect(await store.reap('build', 2)).toBe(1);
      expect(await store.reap('build', 2)).toBe(0);
      expect((await store.stats('test')).leased).toBe(1);
    });

    it('refuses the late finish of a worker that was given up, and lets the next one finish', async () => {
      const { store, advance } = under();
      const late = await givenBuilding(store);
      await advance(2 * minute);
      await store.reap('build', 10);

      expect(await store.finish(late, aFinish({ status: 'success' }))).toBe('fenced');
      const next = await claimed(store);
      expect(await store.finish(late, aFinish({ status: 'success' }))).toBe('fenced');
      expect(await store.renew(late, minute)).toEqual({ kind: 'lost' });

      expect(await store.finish(next, aFinish({ status: 'failure' }))).toBe('finished');
      expect((await store.readRun(run))?.units['build']?.status).toBe('failure');
    });

    it('lets a worker finish after its lease when nobody took the job back', async () => {
      const { store, advance } = under();
      const job = await givenBuilding(store);
      await advance(10 * minute);

      expect(await store.finish(job, aFinish({ status: 'success' }))).toBe('finished');

      expect(await store.reap('build', 10)).toBe(0);
    });

    it('gives a job whose stalls are used up with the wish stalled, bound or not', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob({ bound: false }));
      await claimed(store);
      await advance(2 * minute);
      await store.reap('build', 10);
      expect((await claimed(store)).wishes).toEqual([]);
      await advance(2 * minute);
      await store.reap('build', 10);

      const job = await store.claim(aClaim({ maxStalls: 2 }));

      expect(job).toMatchObject({ stalls: 2, attempt: 1, wishes: [{ wish: 'stalled', generation: 1 }] });
    });
  });

  describe('release', () => {
    it('gives a job back unharmed, due at once', async () => {
      const { store } = under();
      const job = await givenBuilding(store);

      expect(await store.release(job)).toBe('released');

      expect((await store.readRun(run))?.units['build']?.status).toBe('queued');
      expect(await claimed(store)).toMatchObject({ attempt: 1, stalls: 0, parks: 0 });
    });
  });

  describe('retryLater', () => {
    it('queues the job again after the delay, and spends an attempt', async () => {
      const { store, advance } = under();
      const job = await givenBuilding(store);

      expect(await store.retryLater(job, 5 * minute, 'registry down')).toBe('queued');

      expect(await store.readJob('job-1')).toMatchObject({ status: 'queued', error: 'registry down', owner: null });
      expect((await store.readRun(run))?.units['build']?.status).toBe('queued');
      expect(await store.claim(aClaim())).toBeNull();
      await advance(5 * minute);
      expect(await claimed(store)).toMatchObject({ attempt: 2, stalls: 0 });
    });

    it('does not wait under a wish that binds the job', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.setWish({ runId: run, wish: 'cancel', generation: null, units: null, reason: 'asked', actor: null });

      expect(await store.retryLater(job, 5 * minute, 'registry down')).toBe('queued');

      expect(await claimed(store)).toMatchObject({ attempt: 2, wishes: [{ wish: 'cancel' }] });
    });

    it('counts attempts apart from stalls and shutdowns', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob());
      await store.retryLater(await claimed(store), 0, 'once');
      await store.release(await claimed(store));
      await claimed(store);
      await advance(2 * minute);
      await store.reap('build', 1);
      await store.retryLater(await claimed(store), 0, 'twice');

      expect(await claimed(store)).toMatchObject({ attempt: 3, stalls: 1 });
    });
  });
}

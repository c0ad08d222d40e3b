import { describe, expect, it } from '@jest/globals';
import { aChange, aClaim, aFinish, aJob, aPark, claimed, givenBuilding, minute, observe, run } from './given.ts';
import type { Under } from './given.ts';

const asked = { runId: run, generation: null, units: null, reason: 'asked', actor: null } as const;

/** `park`: how a job sleeps, and everything that may wake it or keep it awake. */
export function testParking(under: Under): void {
  describe('park', () => {
    it('sleeps until its time, without a worker and without an attempt', async () => {
      const { store, advance } = under();
      const job = await givenBuilding(store);

      const parked = await store.park(
        job,
        aPark({ reason: 'window', message: 'opens at 9', delayMs: 10 * minute, memo: '{"try":[]}', slice: { a: '1' } }),
      );

      expect(parked).toBe('parked');
      const state = await store.readRun(run);
      expect(state?.units['build']).toMatchObject({ status: 'waiting', reason: 'window', message: 'opens at 9' });
      expect(state?.slices.build).toEqual({ a: 1 });
      expect(await store.readJob('job-1')).toMatchObject({ status: 'parked', parkReason: 'window', owner: null });
      expect(await store.stats('build')).toMatchObject({ ready: 0, leased: 0, parked: 1 });
      expect(await store.claim(aClaim())).toBeNull();
      await advance(10 * minute);
      expect(await claimed(store)).toMatchObject({ attempt: 1, parks: 1, memo: '{"try":[]}' });
    });

    it('sleeps for ever when it names no time', async () => {
      const { store, advance } = under();
      await store.park(await givenBuilding(store), aPark());

      await advance(13 * 24 * 60 * minute);

      expect(await store.claim(aClaim())).toBeNull();
      expect(await store.nextDueMs('build', [])).toBeNull();
      expect((await store.readJob('job-1'))?.dueAt).toBeNull();
    });

    it('keeps the unit running when it only watches', async () => {
      const { store } = under();

      await store.park(await givenBuilding(store), aPark({ reason: 'watch', status: 'running' }));

      expect((await store.readRun(run))?.units['build']).toMatchObject({ status: 'running', reason: 'watch' });
    });

    it('clears the memo when it names none', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark({ delayMs: 0, memo: '1' }));
      await store.park(await claimed(store), aPark({ delayMs: 0 }));

      expect(await claimed(store)).toMatchObject({ memo: null, parks: 2 });
    });

    it('does not let an older generation change its unit', async () => {
      const { store } = under();
      const old = await givenBuilding(store);
      await store.enqueue(aJob({ jobId: 'newer', runId: run, unit: 'build', generation: 2 }));

      expect(await store.park(old, aPark({ slice: { a: '1' } }))).toBe('parked');

      const state = await store.readRun(run);
      expect(state?.units['build']).toMatchObject({ generation: 2, status: 'queued' });
      expect(state?.slices.build).toEqual({});
    });
  });

  describe('a wish', () => {
    it('refuses a sleep that comes after it, and leaves the lease', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.setWish({ ...asked, wish: 'cancel' });
      const before = await observe(store);

      expect(await store.park(job, aPark({ slice: { a: '1' }, target: aChange() }))).toBe('wished');

      expect(await observe(store)).toEqual(before);
      expect(await store.finish(job, aFinish({ status: 'cancelled' }))).toBe('finished');
    });

    it('makes what sleeps ready in the same step, and is told at the claim', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark({ memo: '"mine"' }));

      expect(await store.setWish({ ...asked, wish: 'cancel' })).toBe('set');

      expect(await store.readJob('job-1')).toMatchObject({ status: 'queued', parkReason: null });
      expect(await claimed(store)).toMatchObject({ memo: '"mine"', wishes: [{ wish: 'cancel' }] });
    });

    it.each([
      ['of an older generation', { generation: 0 }],
      ['for other units', { units: ['test', 'deploy/staging/web'] }],
    ])('%s lets the job sleep', async (_which, over) => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark());
      await store.setWish({ ...asked, wish: 'superseded', ...over });
      expect(await store.claim(aClaim())).toBeNull();

      await store.enqueue(aJob({ jobId: 'second', runId: run, unit: 'build' }));

      expect(await store.park(await claimed(store), aPark())).toBe('parked');
    });

    it('for its unit wakes the job', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark());

      await store.setWish({ ...asked, wish: 'superseded', units: ['test', 'build'] });

      expect((await claimed(store)).wishes).toMatchObject([{ wish: 'superseded', units: ['test', 'build'] }]);
    });

    it('wakes nobody that is not bound', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store, { bound: false }), aPark());

      await store.setWish({ ...asked, wish: 'cancel' });

      expect(await store.claim(aClaim())).toBeNull();
    });
  });

  describe('an answer', () => {
    it('wakes who sleeps on its key, with the memo of the answer', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark({ reason: 'approval', answerKey: 'build#1', memo: '"mine"' }));

      expect(await store.answer(run, 'other', '"no"')).toBe('stored');
      expect(await store.claim(aClaim())).toBeNull();
      expect(await store.answer(run, 'build#1', '{"by":"ada"}')).toBe('stored');

      expect(await claimed(store)).toMatchObject({ memo: '{"by":"ada"}', parks: 1 });
    });

    it('that came first refuses the sleep, and leaves the lease', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.answer(run, 'build#1', '"yes"');
      const before = await observe(store);

      expect(await store.park(job, aPark({ answerKey: 'build#1' }))).toBe('answered');

      expect(await observe(store)).toEqual(before);
      expect(await store.readAnswer(run, 'build#1')).toBe('"yes"');
      expect(await store.park(job, aPark({ answerKey: 'build#2' }))).toBe('parked');
    });

    it('wakes nobody twice, and the first one stands', async () => {
      const { store } = under();
      await store.park(await givenBuilding(store), aPark({ answerKey: 'key' }));
      await store.answer(run, 'key', '1');
      const job = await claimed(store);

      expect(await store.answer(run, 'key', '2')).toBe('already');

      expect(await store.readAnswer(run, 'key')).toBe('1');
      expect(await store.park(job, aPark())).toBe('parked');
      expect(await store.claim(aClaim())).toBeNull();
    });
  });
}

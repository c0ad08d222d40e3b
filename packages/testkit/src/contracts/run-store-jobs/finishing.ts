import { describe, expect, it } from '@jest/globals';
import type { PlannedUnit } from '@orchestra/contracts';
import { aFinish, aJob, anAdmission, anEntry, aRecord, claimed, givenBuilding, minute, observe, run } from './given.ts';
import type { Under } from './given.ts';

/** `finish` and `note`: what an attempt leaves behind. */
export function testFinishing(under: Under): void {
  describe('finish', () => {
    it('writes status, slice, outbox, history, notes and jobs in one step', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      const before = await store.readRun(run);
      const next = aJob({ jobId: 'next', runId: run, delayMs: minute });

      const finished = await store.finish(
        job,
        aFinish({
          status: 'failure',
          reason: 'compile_error',
          message: 'line 3 | col 4',
          slice: { result: '{"artifacts":[]}' },
          outbox: [aRecord()],
          history: [anEntry()],
          notes: ['unsandboxed'],
          jobs: [next],
        }),
      );

      expect(finished).toBe('finished');
      const after = await store.readRun(run);
      expect(after?.units['build']).toMatchObject({
        status: 'failure',
        reason: 'compile_error',
        message: 'line 3 | col 4',
        generation: 1,
      });
      expect(after?.units['build']?.endedAt).not.toBeNull();
      expect(after?.slices.build).toEqual({ result: { artifacts: [] } });
      expect(after?.notes).toEqual(['unsandboxed']);
      expect(after?.v).toBe((before?.v ?? 0) + 1);
      expect(await store.readHistory(run)).toEqual([anEntry()]);
      expect((await store.readOutbox('build', 10)).map(({ record }) => record)).toEqual([aRecord()]);
      expect(await store.readJob('next')).toMatchObject({ status: 'parked', runId: run });
      expect(await store.readJob('job-1')).toMatchObject({
        status: 'done',
        owner: null,
        leaseEndsAt: null,
        dueAt: null,
      });
    });

    it('refuses to finish twice, and writes nothing the second time', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.finish(job, aFinish({ status: 'success', outbox: [aRecord()] }));
      const before = await observe(store);

      const again = await store.finish(job, aFinish({ status: 'failure', outbox: [aRecord()], history: [anEntry()] }));

      expect(again).toBe('fenced');
      expect(await observe(store)).toEqual(before);
    });

    it('keeps the status of the unit when it says none', async () => {
      const { store } = under();
      const job = await givenBuilding(store);

      await store.finish(job, aFinish({ slice: { result: '1' } }));

      const after = await store.readRun(run);
      expect(after?.units['build']?.status).toBe('running');
      expect(after?.slices.build).toEqual({ result: 1 });
    });

    it('writes a terminal status once in a generation, and a newer generation anew', async () => {
      const { store } = under();
      await store.finish(await givenBuilding(store), aFinish({ status: 'failure' }));
      await store.enqueue(aJob({ jobId: 'same', runId: run, unit: 'build' }));
      await store.finish(await claimed(store), aFinish({ status: 'success' }));
      expect((await store.readRun(run))?.units['build']?.status).toBe('failure');

      await store.enqueue(aJob({ jobId: 'newer', runId: run, unit: 'build', generation: 2 }));

      expect((await store.readRun(run))?.units['build']).toMatchObject({
        generation: 2,
        status: 'queued',
        startedAt: null,
        endedAt: null,
      });
      await store.finish(await claimed(store), aFinish({ status: 'success' }));
      expect((await store.readRun(run))?.units['build']).toMatchObject({ generation: 2, status: 'success' });
    });

    it('lets an older generation write neither status nor slice, but finish', async () => {
      const { store } = under();
      const old = await givenBuilding(store);
      await store.enqueue(aJob({ jobId: 'newer', runId: run, unit: 'build', generation: 2 }));

      const finish = aFinish({ status: 'success', slice: { result: '"old"' }, outbox: [aRecord()] });
      expect(await store.finish(old, finish)).toBe('finished');

      const after = await store.readRun(run);
      expect(after?.units['build']).toMatchObject({ generation: 2, status: 'queued' });
      expect(after?.slices.build).toEqual({});
      expect((await store.stats('build')).outbox).toBe(1);
    });

    it('patches a slice key by key, and removes a key that is null', async () => {
      const { store } = under();
      await store.finish(await givenBuilding(store), aFinish({ slice: { a: '1', b: '{"x":[]}' } }));
      await store.enqueue(aJob({ jobId: 'reaction', runId: run }));

      await store.finish(await claimed(store), aFinish({ slice: { a: null, c: '"3"', none: null } }));

      expect((await store.readRun(run))?.slices.build).toEqual({ b: { x: [] }, c: '3' });
    });

    it('creates follow-up jobs once, and queues their units', async () => {
      const { store } = under();
      const follow = aJob({ jobId: 'scan', runId: run, unit: 'build' });
      const job = await givenBuilding(store);

      await store.finish(job, aFinish({ jobs: [follow, follow] }));

      expect((await store.readRun(run))?.units['build']?.status).toBe('queued');
      expect((await store.stats('build')).ready).toBe(1);
    });

    it('keeps one entry of the history for each id, in the order of writing', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.note(job, {}, [anEntry({ id: 'a' }), anEntry({ id: 'b' })]);

      await store.finish(job, aFinish({ history: [anEntry({ id: 'b', what: 'again' }), anEntry({ id: 'c' })] }));

      const history = await store.readHistory(run);
      expect(history.map(({ id, what }) => [id, what])).toEqual([
        ['a', 'cache used'],
        ['b', 'cache used'],
        ['c', 'cache used'],
      ]);
    });

    it('sets a wish in its own generation, which wakes what it binds', async () => {
      const { store } = under();
      const job = await givenBuilding(store);
      await store.enqueue(aJob({ jobId: 'sleeper', service: 'test', runId: run, delayMs: 60 * minute }));

      await store.finish(job, aFinish({ status: 'failure', wish: { wish: 'halted', reason: 'build_failed' } }));

      expect((await store.readRun(run))?.wishes).toMatchObject([
        { wish: 'halted', generation: 1, units: null, reason: 'build_failed' },
      ]);
      expect(await claimed(store, 'test')).toMatchObject({ jobId: 'sleeper', wishes: [{ wish: 'halted' }] });
    });

    it('writes the plan once, and ends the run when every planned unit is terminal', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      const plan = { units: [planned('gitops'), planned('build')], deadlineMs: 60 * minute, hopsLimit: 77 };
      await store.enqueue(aJob({ runId: run, unit: 'build' }));

      await store.finish(await claimed(store, 'gitops'), aFinish({ status: 'success', plan }));
      const open = await store.readRun(run);
      await store.finish(await claimed(store), aFinish({ status: 'success', plan: { ...plan, units: [] } }));
      const ended = await store.readRun(run);

      expect(open).toMatchObject({ plannedUnits: plan.units, hopsLimit: 77, endedAt: null });
      expect(Date.parse(open?.deadlineAt ?? '')).toBeGreaterThan(Date.parse(open?.createdAt ?? ''));
      expect(ended?.plannedUnits).toEqual(plan.units);
      expect(ended?.endedAt).not.toBeNull();
    });

    it('opens an ended run again when a unit comes to it', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      const plan = { units: [planned('gitops')], deadlineMs: minute, hopsLimit: 1 };
      await store.finish(await claimed(store, 'gitops'), aFinish({ status: 'success', plan }));
      expect((await store.readRun(run))?.endedAt).not.toBeNull();

      await store.enqueue(aJob({ service: 'rollback', runId: run, unit: 'rollback/staging/web' }));
      expect((await store.readRun(run))?.endedAt).toBeNull();
      await store.finish(await claimed(store, 'rollback'), aFinish({ status: 'success' }));

      expect((await store.readRun(run))?.endedAt).not.toBeNull();
    });

    it('finishes a job without a run, and publishes what it says', async () => {
      const { store } = under();
      await store.enqueue(aJob({ unit: 'build' }));

      expect(await store.finish(await claimed(store), aFinish({ status: 'success', outbox: [aRecord()] }))).toBe(
        'finished',
      );

      expect((await store.stats('build')).outbox).toBe(1);
    });
  });

  describe('note', () => {
    it('adds to slice and history while the job works', async () => {
      const { store } = under();
      const job = await givenBuilding(store);

      expect(await store.note(job, { percent: '40' }, [anEntry()])).toBe('noted');

      expect((await store.readRun(run))?.slices.build).toEqual({ percent: 40 });
      expect(await store.readHistory(run)).toEqual([anEntry()]);
      expect(await store.finish(job, aFinish())).toBe('finished');
    });
  });
}

function planned(unit: string): PlannedUnit {
  return { unit, service: 'build', after: [], gate: null, gateDeadlineMs: minute };
}

import { describe, expect, it } from '@jest/globals';
import { aClaim, aJob, anAdmission, claimed, minute, run, type Under } from './given.ts';

/** `enqueue` and `claim`: who gets which job, when, and under what right. */
export function testClaiming(under: Under): void {
  describe('claim', () => {
    it('gives nothing while nothing is due', async () => {
      const { store } = under();

      expect(await store.claim(aClaim())).toBeNull();
      expect(await store.nextDueMs('build', [])).toBeNull();
    });

    it('gives everything that the worker needs', async () => {
      const { store } = under();
      const job = aJob({ causes: ['a', 'b'], traceparent: '00-1-2-01', payload: '{"text":"ünïcödé \\u0000"}' });
      await store.enqueue(job);

      const { createdAt, token, ...rest } = await claimed(store);

      const { delayMs: _delayMs, ...created } = job;
      expect(rest).toEqual({ ...created, attempt: 1, stalls: 0, parks: 0, gate: null, wishes: [], memo: null });
      expect(token).toBeGreaterThan(0);
      expect(Date.parse(createdAt)).toBeGreaterThan(0);
    });

    it('gives the job that is due longest first', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob({ jobId: 'later', delayMs: minute }));
      await store.enqueue(aJob({ jobId: 'a' }));
      await advance(1);
      await store.enqueue(aJob({ jobId: 'b' }));
      await advance(2 * minute);

      const order = [await claimed(store), await claimed(store), await claimed(store)];

      expect(order.map(({ jobId }) => jobId)).toEqual(['a', 'b', 'later']);
    });

    it('gives each job to one of many workers, each under a token of its own', async () => {
      const { store } = under();
      const ids = Array.from({ length: 20 }, (_none, index) => `job-${index}`);
      await Promise.all(ids.map(async (jobId) => store.enqueue(aJob({ jobId }))));

      const given = await Promise.all(Array.from({ length: 25 }, async () => store.claim(aClaim())));

      const jobs = given.filter((job) => job !== null);
      expect(jobs.map(({ jobId }) => jobId).toSorted()).toEqual(ids.toSorted());
      expect(new Set(jobs.map(({ token }) => token)).size).toBe(20);
    });

    it('gives a higher token each time, also for the same job', async () => {
      const { store } = under();
      await store.enqueue(aJob());
      const first = await claimed(store);
      await store.release(first);

      const second = await claimed(store);

      expect(second.token).toBeGreaterThan(first.token);
    });

    it('keeps the jobs of the services apart', async () => {
      const { store } = under();
      await store.enqueue(aJob());

      expect(await store.claim(aClaim({ service: 'test' }))).toBeNull();
      expect(await store.claim(aClaim())).not.toBeNull();
    });

    it('waits until a delayed job is due, and says how long that takes', async () => {
      const { store, advance } = under();
      await store.enqueue(aJob({ delayMs: 10 * minute }));
      expect(await store.claim(aClaim())).toBeNull();
      expect((await store.readJob('job-1'))?.status).toBe('parked');

      await advance(9 * minute);
      const dueMs = await store.nextDueMs('build', []);
      await advance(minute);

      expect(dueMs).toBeGreaterThan(0);
      expect(dueMs).toBeLessThanOrEqual(minute);
      expect(await store.nextDueMs('build', [])).toBe(0);
      expect(await claimed(store)).toMatchObject({ jobId: 'job-1', attempt: 1 });
    });

    it('passes over handlers at their limit, so that they do not starve the others', async () => {
      const { store, advance } = under();
      const full = Array.from({ length: 30 }, (_none, index) => aJob({ jobId: `full-${index}`, handler: 'full' }));
      await Promise.all(full.map(async (job) => store.enqueue(job)));
      await advance(1);
      await store.enqueue(aJob({ handler: 'free' }));

      const job = await store.claim(aClaim({ except: ['full', 'other'] }));

      expect(job?.handler).toBe('free');
      expect(await store.claim(aClaim({ except: ['full', 'free'] }))).toBeNull();
      expect(await store.nextDueMs('build', ['full', 'free'])).toBeNull();
      expect(await store.nextDueMs('build', ['free'])).toBe(0);
    });

    it('sets the unit of the job running, and marks when it first ran', async () => {
      const { store } = under();
      await store.admit(anAdmission());
      await store.enqueue(aJob({ runId: run, unit: 'build' }));
      expect((await store.readRun(run))?.units['build']).toMatchObject({ status: 'queued', startedAt: null });

      await claimed(store);

      const unit = (await store.readRun(run))?.units['build'];
      expect(unit).toMatchObject({ generation: 1, status: 'running', endedAt: null });
      expect(unit?.startedAt).not.toBeNull();
    });

    it('shows who works at the job, and until when', async () => {
      const { store } = under();
      await store.enqueue(aJob());

      await store.claim(aClaim({ owner: 'pod-7' }));

      expect(await store.readJob('job-1')).toMatchObject({ status: 'running', owner: 'pod-7', dueAt: null });
      expect((await store.readJob('job-1'))?.leaseEndsAt).not.toBeNull();
      expect(await store.stats('build')).toMatchObject({ ready: 0, leased: 1, parked: 0 });
    });
  });

  describe('enqueue', () => {
    it('creates a job once, whatever became of it', async () => {
      const { store } = under();

      expect(await store.enqueue(aJob())).toBe('created');
      expect(await store.enqueue(aJob({ payload: '{"other":1}' }))).toBe('dup');
      const job = await claimed(store);
      expect(job.payload).toBe('{"list":[]}');
      expect(await store.enqueue(aJob())).toBe('dup');
      await store.release(job);
      expect(await store.enqueue(aJob())).toBe('dup');
      expect((await store.stats('build')).ready).toBe(1);
    });
  });
}

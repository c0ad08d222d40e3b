import { randomUUIDv7 } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { admitRun, aJob, anAcceptance, aWish, claimAll, claimFrom, hour, mustClaim } from './given.ts';
import type { Under } from './place.ts';

/** How events become jobs. */
export function testAccept(under: Under): void {
  testOnce(under);
  testJobs(under);
  testRendering(under);
}

function testOnce(under: Under): void {
  it('F3 makes a job of an event once, however often it comes', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const acceptance = anAcceptance(runId, { job: aJob(runId) });
    const deliveries = Array.from({ length: 20 }, async () => store.accept(acceptance));

    const outcomes = await Promise.all(deliveries);

    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'dup')).toHaveLength(19);
    expect(await claimAll(store, 'build')).toHaveLength(1);
  });

  it.each([1, 25])('F3 makes no second job of an event that comes again after %i h', async (hours) => {
    const { store, advance } = under();
    const runId = await admitRun(store);
    const acceptance = anAcceptance(runId, { job: aJob(runId) });
    await store.accept(acceptance);

    await advance(hours * hour);

    expect(await store.accept(acceptance)).toBe('dup');
    expect(await claimAll(store, 'build')).toHaveLength(1);
  });

  it('changes nothing when an event comes again, whatever it says now', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const acceptance = anAcceptance(runId, { job: aJob(runId) });
    await store.accept(acceptance);
    const before = await store.readRun(runId);

    expect(await store.accept({ ...acceptance, job: aJob(runId, { unit: 'test' }) })).toBe('dup');

    expect(await store.readRun(runId)).toEqual(before);
    expect(await store.readJobs(runId)).toHaveLength(2);
  });

  it('remembers events for each service and each run by itself', async () => {
    const { store } = under();
    const [one, other] = [await admitRun(store), await admitRun(store)];
    const { eventId } = anAcceptance(one);

    expect(await store.accept(anAcceptance(one, { eventId, service: 'build' }))).toBe('accepted');
    expect(await store.accept(anAcceptance(one, { eventId, service: 'test' }))).toBe('accepted');
    expect(await store.accept(anAcceptance(other, { eventId, service: 'build' }))).toBe('accepted');
    expect(await store.accept(anAcceptance(null, { eventId, service: 'build' }))).toBe('accepted');
    expect(await store.accept(anAcceptance(null, { eventId, service: 'build' }))).toBe('dup');
  });

  it('keeps nothing of an event whose run it does not know, so that it may come again', async () => {
    const { store } = under();
    const runId = randomUUIDv7();
    const job = aJob(runId);
    const acceptance = anAcceptance(runId, { job });

    expect(await store.accept(acceptance)).toBe('run_unknown');
    expect(await store.readRun(runId)).toBeNull();
    expect(await store.readJob(job.jobId)).toBeNull();
    await admitRun(store, { runId });

    expect(await store.accept(acceptance)).toBe('accepted');
  });

  it('makes one job of two events that name the same', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const job = aJob(runId);

    expect(await store.accept(anAcceptance(runId, { job }))).toBe('accepted');
    expect(await store.accept(anAcceptance(runId, { job }))).toBe('accepted');

    expect(await claimAll(store, 'build')).toHaveLength(1);
  });
}

function testJobs(under: Under): void {
  it('queues the unit of the job', async () => {
    const { store } = under();
    const runId = await admitRun(store);

    await store.accept(anAcceptance(runId, { job: aJob(runId) }));

    const run = await store.readRun(runId);
    expect(run).toMatchObject({ v: 2, units: { build: { generation: 1, status: 'queued' } } });
  });

  it('makes a job of the service itself for an event without a run', async () => {
    const { store } = under();
    const job = aJob(null, { unit: null, payload: '{"of":"a repository"}' });

    await store.accept(anAcceptance(null, { job }));

    const claimed = await mustClaim(store, 'build');
    expect(claimed).toMatchObject({ jobId: job.jobId, runId: null, unit: null, payload: job.payload });
  });

  it('keeps a delayed job until its time, and its unit as it is', async () => {
    const { store, advance } = under();
    const runId = await admitRun(store);
    const job = aJob(runId, { delayMs: hour });
    await store.accept(anAcceptance(runId, { job }));

    expect(await claimFrom(store, 'build')).toBeNull();
    expect(await store.readRun(runId)).not.toHaveProperty('units.build');
    await advance(hour);

    expect(await claimFrom(store, 'build')).toMatchObject({ jobId: job.jobId });
  });

  it('makes the job also in a run that is asked to end', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.setWish(aWish(runId));

    await store.accept(anAcceptance(runId, { job: aJob(runId) }));

    expect(await mustClaim(store, 'build')).toMatchObject({ wishes: [{ wish: 'cancel' }] });
  });

  it('takes a notice without a job in', async () => {
    const { store } = under();
    const runId = await admitRun(store);

    expect(await store.accept(anAcceptance(runId))).toBe('accepted');
    expect(await claimFrom(store, 'build')).toBeNull();
  });
}

function testRendering(under: Under): void {
  it('makes a followed run due for rendering, though it has no news of its own', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.claimDirty('chatops', hour);
    await store.settleDirty('chatops', runId, 1);

    await store.accept(anAcceptance(runId, { service: 'chatops', follow: true }));

    expect(await store.claimDirty('chatops', hour)).toMatchObject({ runId });
  });

  it('makes a followed run that is being rendered due again afterwards', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.claimDirty('chatops', hour);

    await store.accept(anAcceptance(runId, { service: 'chatops', follow: true }));
    expect(await store.claimDirty('chatops', hour)).toBeNull();
    await store.settleDirty('chatops', runId, (await store.readRun(runId))?.v ?? 0);
    const again = await store.claimDirty('chatops', hour);
    await store.settleDirty('chatops', runId, again?.v ?? 0);

    expect(again).toMatchObject({ runId });
    expect(await store.claimDirty('chatops', hour)).toBeNull();
  });

  it('wakes the service whose job it makes', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const woken = Promise.withResolvers<string>();
    const stop = store.onWake('build', 'jobs', () => woken.resolve('woken'));

    await store.accept(anAcceptance(runId, { job: aJob(runId) }));

    await expect(woken.promise).resolves.toBe('woken');
    stop();
  });
}

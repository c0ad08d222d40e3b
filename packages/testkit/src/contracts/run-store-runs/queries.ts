import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { admitRun, aFinish, aJob, anAcceptance, aPark, hour, mustClaim, workAt } from './given.ts';
import type { Under } from './place.ts';

/** How runs and their jobs are read and rendered. */
export function testQueries(under: Under): void {
  testRuns(under);
  testJobs(under);
  testRendering(under);
}

function testRuns(under: Under): void {
  it('finds nothing where nothing is', async () => {
    const { store } = under();

    expect(await store.readRun('no such run')).toBeNull();
    expect(await store.findRun('no/repository', 1)).toBeNull();
    expect(await store.readHistory('no such run')).toEqual([]);
    expect(await store.readJobs('no such run')).toEqual([]);
    expect(await store.readJob('no such job')).toBeNull();
    expect(await store.readTarget('no such target')).toBeNull();
    expect(await store.listRuns({ repository: null, limit: 10, before: null })).toEqual([]);
  });

  it('lists runs newest first, a page at a time, of one repository or of all', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    // Within one millisecond the order of two new ids is chance.
    const [other = '', ...runs] = Array.from({ length: 4 }, () => randomUUIDv7())
      .toSorted()
      .toReversed();
    runs.reverse();
    for (const runId of runs) await admitRun(store, { runId, repository, ref: runId });
    await admitRun(store, { runId: other });
    const list = async (query: { repository?: string; limit?: number; before?: string }) => {
      const found = await store.listRuns({ repository: null, limit: 10, before: null, ...query });
      return found.map(({ runId }) => runId);
    };

    expect(await list({})).toEqual([other, ...runs.toReversed()]);
    expect(await list({ repository })).toEqual(runs.toReversed());
    expect(await list({ repository, limit: 2 })).toEqual(runs.slice(1).toReversed());
    expect(await list({ repository, before: runs[1] ?? '' })).toEqual(runs.slice(0, 1));
    expect(await list({ limit: 0 })).toEqual([]);
  });

  it('raises the revision with each change and keeps it otherwise', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await mustClaim(store, 'gitops');
    const before = (await store.readRun(runId))?.v ?? 0;

    await store.renew(lease, hour);
    await store.readHistory(runId);
    expect((await store.readRun(runId))?.v).toBe(before);
    const slice = { source: '{"planDigest":null}', statuses: '{}' };
    await store.finish(lease, aFinish({ slice, notes: ['a note'] }));

    expect(await store.readRun(runId)).toMatchObject({
      v: before + 1,
      notes: ['a note'],
      slices: { gitops: { source: { planDigest: null }, statuses: {} } },
    });
  });
}

function testJobs(under: Under): void {
  it('shows the jobs of a run in the order in which they were made', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const job = aJob(runId, { service: 'deploy', unit: 'deploy/staging/shop', payload: '{"a":1}' });
    await store.accept(anAcceptance(runId, { service: 'deploy', job }));

    const [first, second] = await store.readJobs(runId);

    expect(first).toMatchObject({ service: 'gitops', unit: 'gitops', status: 'queued' });
    const { jobId, unit, handler, payload, cause } = job;
    const fresh = { attempt: 0, stalls: 0, parkReason: null, owner: null, leaseEndsAt: null, error: null };
    expect(second).toMatchObject({
      jobId,
      runId,
      generation: 1,
      unit,
      handler,
      payload,
      cause,
      status: 'queued',
      ...fresh,
    });
    expect(await store.readJob(jobId)).toEqual(second);
  });

  it('shows who works at a job, why it sleeps, and what went wrong', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit: 'deploy/staging/shop' });
    const running = await store.readJob(lease.jobId);
    await store.retryLater(lease, 0, 'the cluster is away');
    await store.park(await mustClaim(store, 'deploy'), aPark({ reason: 'lane' }));

    const parked = await store.readJob(lease.jobId);

    expect(running).toMatchObject({
      status: 'running',
      attempt: 1,
      owner: 'a worker',
      leaseEndsAt: expect.any(String),
    });
    expect(parked).toMatchObject({ status: 'parked', attempt: 2, parkReason: 'lane', dueAt: null, owner: null });
    expect(parked?.error).toBe('the cluster is away');
  });
}

function testRendering(under: Under): void {
  it('gives a changed run to one renderer at a time, and again when that one dies', async () => {
    const { store, advance } = under();
    const runId = await admitRun(store);

    expect(await store.claimDirty('chatops', hour)).toMatchObject({ runId, v: 1 });
    expect(await store.claimDirty('chatops', hour)).toBeNull();
    await advance(hour);

    expect(await store.claimDirty('chatops', hour)).toMatchObject({ runId, v: 1 });
  });

  it('is done with a revision, and comes again with a newer one', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.claimDirty('chatops', hour);
    await mustClaim(store, 'gitops');

    await store.settleDirty('chatops', runId, 1);
    expect(await store.claimDirty('chatops', hour)).toMatchObject({ runId, v: 2 });
    await store.settleDirty('chatops', runId, 2);

    expect(await store.claimDirty('chatops', hour)).toBeNull();
  });

  it('renders without a new revision', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.claimDirty('chatops', hour);

    await store.writeRendered('chatops', runId, { '#shop': '{"ts":"1"}', '#ops': '{"ts":"2"}' });
    await store.writeRendered('chatops', runId, { '#ops': null });
    await store.settleDirty('chatops', runId, 1);

    expect(await store.readRun(runId)).toMatchObject({ v: 1 });
    expect((await store.readRun(runId))?.slices.chatops).toEqual({ '#shop': { ts: '1' } });
    expect(await store.claimDirty('chatops', hour)).toBeNull();
  });

  it('renders nothing of a run that it does not know', async () => {
    const { store } = under();

    await store.writeRendered('chatops', 'no such run', { '#shop': '{}' });
    await store.settleDirty('chatops', 'no such run', 1);

    expect(await store.readRun('no such run')).toBeNull();
  });
}

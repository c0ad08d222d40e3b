import { expect, it } from '@jest/globals';
import {
  aFinish,
  aGate,
  aJob,
  anAcceptance,
  aPark,
  aRetry,
  aWish,
  claimFrom,
  hour,
  mustClaim,
  planRun,
  workAt,
} from './given.ts';
import type { Under } from './place.ts';

/** How units are made anew. */
export function testRetry(under: Under): void {
  testNewGeneration(under);
  testOlderGenerations(under);
}

function testNewGeneration(under: Under): void {
  it('opens the run again in the next generation', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test', 'build']);
    for (const unit of ['test', 'build']) await store.finish(await workAt(store, { runId, unit }), aFinish());
    expect(await store.readRun(runId)).toMatchObject({ endedAt: expect.any(String) });

    const retried = await store.retry(aRetry(runId, { remade: ['test'], deadlineMs: 2 * hour }));

    const run = await store.readRun(runId);
    expect(retried).toEqual({ kind: 'retried', generation: 2 });
    expect(run).toMatchObject({
      generation: 2,
      endedAt: null,
      units: {
        test: { generation: 2, status: 'waiting', reason: 'retry', startedAt: null, endedAt: null },
        build: { generation: 1, status: 'success' },
      },
      wishes: [{ wish: 'superseded', generation: 1, units: ['test'], actor: 'ada' }],
    });
    expect(Date.parse(run?.deadlineAt ?? '') - Date.parse(run?.units['test']?.at ?? '')).toBe(2 * hour);
    expect(await store.readHistory(runId)).toMatchObject([{ kind: 'act', generation: 2, detail: { actor: 'ada' } }]);
  });

  it('begins with the jobs and gates of the new generation', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test', 'iac/staging']);
    const job = aJob(runId, { service: 'test', unit: 'test', generation: 2 });
    const gate = aGate(runId, { generation: 2, inputs: ['test'] });

    await store.retry(aRetry(runId, { remade: ['test', 'iac/staging'], jobs: [job], gates: [gate] }));

    expect(await mustClaim(store, 'test')).toMatchObject({ jobId: job.jobId, generation: 2, wishes: [] });
    expect(await claimFrom(store, 'iac')).toBeNull();
    expect(await store.readRun(runId)).toMatchObject({
      units: { test: { generation: 2, status: 'running' }, 'iac/staging': { generation: 2, status: 'waiting' } },
    });
  });

  it('is refused when it was decided on another generation', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    const attempts = Array.from({ length: 5 }, async () => store.retry(aRetry(runId)));

    const kinds = (await Promise.all(attempts)).map(({ kind }) => kind);

    expect(kinds.toSorted()).toEqual(['moved', 'moved', 'moved', 'moved', 'retried']);
    expect(await store.readRun(runId)).toMatchObject({ generation: 2 });
    expect(await store.retry(aRetry(runId, { expected: 3 }))).toEqual({ kind: 'moved' });
    expect(await store.retry(aRetry('no such run'))).toEqual({ kind: 'run_unknown' });
  });
}

function testOlderGenerations(under: Under): void {
  it('asks older jobs of the units that it makes anew to end, and no others', async () => {
    const { store } = under();
    const runId = await planRun(store, ['deploy/staging/shop', 'deploy/staging/mail']);
    const shop = await workAt(store, { runId, unit: 'deploy/staging/shop' });
    const mail = await workAt(store, { runId, unit: 'deploy/staging/mail' });
    for (const lease of [shop, mail]) await store.park(lease, aPark());

    await store.retry(aRetry(runId, { remade: ['deploy/staging/shop'] }));

    const woken = await mustClaim(store, 'deploy');
    expect(woken).toMatchObject({ jobId: shop.jobId, wishes: [{ wish: 'superseded' }] });
    expect(await claimFrom(store, 'deploy')).toBeNull();
  });

  it('lets an older job change neither the unit nor the slice', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    const lease = await workAt(store, { runId, unit: 'test', service: 'test' });
    await store.retry(aRetry(runId));

    const outcome = await store.finish(lease, aFinish({ status: 'failure', slice: { report: '{"failed":1}' } }));

    expect(outcome).toBe('finished');
    expect(await store.readRun(runId)).toMatchObject({
      endedAt: null,
      units: { test: { generation: 2, status: 'waiting' } },
      slices: { test: {} },
    });
    expect((await store.readRun(runId))?.slices.test).toEqual({});
  });

  it('does not let an older job that is claimed late show its unit as running', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    const job = aJob(runId, { service: 'test', unit: 'test' });
    await store.accept(anAcceptance(runId, { service: 'test', job }));
    await store.retry(aRetry(runId));

    const claimed = await mustClaim(store, 'test');

    expect(claimed).toMatchObject({ jobId: job.jobId, generation: 1, wishes: [{ wish: 'superseded' }] });
    expect(await store.readRun(runId)).toMatchObject({ units: { test: { generation: 2, status: 'waiting' } } });
  });

  it('frees the new generation from wishes on the older one', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    await store.setWish(aWish(runId));

    await store.retry(aRetry(runId));

    const lease = await workAt(store, { runId, unit: 'test', service: 'test', generation: 2 });
    expect(lease.wishes).toEqual([]);
    expect(await store.park(lease, aPark())).toBe('parked');
    expect((await store.readRun(runId))?.wishes.map(({ wish }) => wish)).toEqual(['cancel', 'superseded']);
  });
}

import { expect, it } from '@jest/globals';
import { outcomes } from '@orchestra/contracts';
import { aFinish, aJob, anAcceptance, aPark, hour, leaseMs, mustClaim, planRun, workAt } from './given.ts';
import type { Under } from './place.ts';

/** How units come to their statuses, and runs to their end. */
export function testEnds(under: Under): void {
  testUnits(under);
  testRuns(under);
}

function testUnits(under: Under): void {
  it('shows when the first attempt began and when the unit ended', async () => {
    const { store, advance } = under();
    const runId = await planRun(store, ['test', 'build']);
    const first = await workAt(store, { runId, unit: 'test', service: 'test' });
    const startedAt = (await store.readRun(runId))?.units['test']?.at ?? '';
    expect(await store.readRun(runId)).toMatchObject({
      units: { test: { status: 'running', startedAt, endedAt: null } },
    });

    await advance(leaseMs + 1);
    await store.reap('test', 10);
    expect(first.attempt).toBe(1);
    await store.finish(await mustClaim(store, 'test'), aFinish({ reason: 'all_passed', message: 'All passed' }));

    const unit = (await store.readRun(runId))?.units['test'];
    expect(unit).toMatchObject({ status: 'success', reason: 'all_passed', message: 'All passed', startedAt });
    expect(Date.parse(unit?.endedAt ?? '') - Date.parse(startedAt)).toBeGreaterThan(leaseMs);
  });

  it.each(outcomes)('writes %s once in a generation', async (status) => {
    const { store } = under();
    const runId = await planRun(store, ['test', 'build']);
    const [one, two] = [await workAt(store, { runId, unit: 'test' }), await workAt(store, { runId, unit: 'test' })];
    await store.finish(one, aFinish({ status }));
    const ended = (await store.readRun(runId))?.units;

    await store.finish(two, aFinish({ status: status === 'success' ? 'failure' : 'success' }));
    await workAt(store, { runId, unit: 'test' });

    expect((await store.readRun(runId))?.units).toEqual(ended);
  });

  it('shows what a parked job waits for', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);

    await store.park(
      await workAt(store, { runId, unit: 'test' }),
      aPark({ reason: 'approval', message: 'Ada, please' }),
    );

    const unit = { status: 'waiting', reason: 'approval', message: 'Ada, please' };
    expect(await store.readRun(runId)).toMatchObject({ units: { test: unit } });
  });
}

function testRuns(under: Under): void {
  it('ends a run with the last of its planned units', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test', 'build']);

    await store.finish(await workAt(store, { runId, unit: 'test' }), aFinish({ status: 'failure' }));
    expect(await store.readRun(runId)).toMatchObject({ endedAt: null, deadlineAt: expect.any(String), hopsLimit: 40 });
    await store.finish(await workAt(store, { runId, unit: 'build' }), aFinish({ status: 'skipped' }));

    const run = await store.readRun(runId);
    expect(run?.endedAt).toBe(run?.units['build']?.endedAt);
  });

  it('does not end a run that is not planned yet', async () => {
    const { store } = under();
    const runId = await planRun(store, ['build']);

    await store.finish(await workAt(store, { runId, unit: 'test' }), aFinish());

    expect(await store.readRun(runId)).toMatchObject({ endedAt: null });
  });

  it('does not end a run while a unit that was not planned is open', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    const rollback = await workAt(store, { runId, unit: 'rollback/staging/shop', service: 'rollback' });

    await store.finish(await workAt(store, { runId, unit: 'test' }), aFinish());
    expect(await store.readRun(runId)).toMatchObject({ endedAt: null });
    await store.finish(rollback, aFinish());

    expect(await store.readRun(runId)).toMatchObject({ endedAt: expect.any(String) });
  });

  it('opens a run again with a unit that begins after its end', async () => {
    const { store, advance } = under();
    const runId = await planRun(store, ['test']);
    await store.finish(await workAt(store, { runId, unit: 'test' }), aFinish());
    const first = (await store.readRun(runId))?.endedAt;
    await advance(hour);

    const job = aJob(runId, { service: 'rollback', unit: 'rollback/staging/shop' });
    await store.accept(anAcceptance(runId, { service: 'rollback', job }));
    expect(await store.readRun(runId)).toMatchObject({ endedAt: null });
    await store.finish(await mustClaim(store, 'rollback'), aFinish());

    const second = (await store.readRun(runId))?.endedAt;
    expect(Date.parse(second ?? '') - Date.parse(first ?? '')).toBeGreaterThanOrEqual(hour);
  });

  it('keeps its first plan', async () => {
    const { store } = under();
    const runId = await planRun(store, ['test']);
    const planned = (await store.readRun(runId))?.plannedUnits;

    const plan = { units: [], deadlineMs: 1, hopsLimit: 1 };
    await store.finish(await workAt(store, { runId, unit: 'gitops', service: 'gitops' }), aFinish({ plan }));

    expect(await store.readRun(runId)).toMatchObject({ plannedUnits: planned, hopsLimit: 40 });
    expect(planned?.map(({ unit }) => unit)).toEqual(['gitops', 'test']);
  });
}

import { expect, it } from '@jest/globals';
import type { RunStore } from '@orchestra/runtime';
import {
  admitRun,
  aFinish,
  aJob,
  anAcceptance,
  aPark,
  aRetry,
  aWish,
  claimAll,
  claimFrom,
  hour,
  mustClaim,
  planRun,
  workAt,
} from './given.ts';
import type { Under } from './place.ts';

/** What is asked of running work. */
export function testWishes(under: Under): void {
  testSetting(under);
  testWaking(under);
  testHearing(under);
}

function testSetting(under: Under): void {
  it('keeps the wish in the run, with who asked and when', async () => {
    const { store } = under();
    const runId = await admitRun(store);

    expect(await store.setWish(aWish(runId, { units: ['build'] }))).toBe('set');

    const run = await store.readRun(runId);
    const wish = { wish: 'cancel', generation: 1, units: ['build'], reason: 'asked', actor: 'ada' };
    expect(run).toMatchObject({ v: 2, wishes: [wish] });
    expect(Date.parse(run?.wishes[0]?.at ?? '')).toBeGreaterThan(0);
  });

  it('sets the same wish once', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const wish = aWish(runId, { units: ['build', 'test'] });
    await store.setWish(wish);

    expect(await store.setWish({ ...wish, units: ['test', 'build'] })).toBe('already');
    expect(await store.setWish({ ...wish, units: ['test'] })).toBe('set');
    expect(await store.setWish({ ...wish, units: null })).toBe('set');
    expect(await store.setWish({ ...wish, wish: 'halted' })).toBe('set');
    expect((await store.readRun(runId))?.wishes).toHaveLength(4);
  });

  it('takes a wish of a newer generation for the older one as well', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.retry(aRetry(runId));

    expect(await store.setWish(aWish(runId))).toBe('set');

    expect(await store.readRun(runId)).toMatchObject({ wishes: [{ wish: 'superseded' }, { generation: 2 }] });
    expect(await store.setWish(aWish(runId, { generation: 1 }))).toBe('already');
    expect(await store.setWish(aWish(runId, { generation: 3 }))).toBe('set');
  });

  it('asks nothing of a run that it does not know, or that has ended', async () => {
    const { store } = under();
    const ended = await planRun(store, []);
    const before = await store.readRun(ended);

    expect(await store.setWish(aWish('no such run'))).toBe('run_unknown');
    expect(await store.setWish(aWish(ended))).toBe('ended');
    expect(await store.readRun(ended)).toEqual(before);
  });
}

/** Parks a job of deploy that nothing but a person brings back. */
async function sleeper(
  store: RunStore,
  runId: string,
  change: { unit?: string; bound?: boolean; generation?: number },
) {
  const job = aJob(runId, { service: 'deploy', unit: 'deploy/staging/shop', ...change });
  await store.accept(anAcceptance(runId, { service: 'deploy', job }));
  await store.park(await mustClaim(store, 'deploy'), aPark());
  return job.jobId;
}

async function awake(store: RunStore): Promise<string[]> {
  return (await claimAll(store, 'deploy')).map(({ jobId }) => jobId);
}

function testWaking(under: Under): void {
  it('makes every parked job that it binds ready, and no other', async () => {
    const { store } = under();
    const [runId, other] = [await admitRun(store), await admitRun(store)];
    const one = await sleeper(store, runId, {});
    const two = await sleeper(store, runId, { unit: 'deploy/staging/mail' });
    await sleeper(store, runId, { bound: false });
    await sleeper(store, runId, { generation: 2, unit: 'deploy/production/shop' });
    await sleeper(store, other, {});

    await store.setWish(aWish(runId));

    expect((await awake(store)).toSorted()).toEqual([one, two].toSorted());
  });

  it('binds only the units that it names', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const shop = await sleeper(store, runId, {});
    await sleeper(store, runId, { unit: 'deploy/staging/mail' });

    await store.setWish(aWish(runId, { units: ['deploy/staging/shop', 'test'] }));

    expect(await awake(store)).toEqual([shop]);
  });

  it('binds older generations as well', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const older = await sleeper(store, runId, {});
    await store.retry(aRetry(runId, { remade: ['test'] }));

    await store.setWish(aWish(runId, { generation: 2 }));

    expect(await mustClaim(store, 'deploy')).toMatchObject({
      jobId: older,
      generation: 1,
      wishes: [{ wish: 'cancel' }],
    });
  });

  it('brings a delayed job and a job that waits for its next attempt forward', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const delayed = aJob(runId, { service: 'deploy', unit: null, delayMs: hour });
    await store.accept(anAcceptance(runId, { service: 'deploy', job: delayed }));
    const retried = await workAt(store, { runId, unit: 'deploy/staging/shop' });
    await store.retryLater(retried, hour, 'trouble');
    expect(await claimFrom(store, 'deploy')).toBeNull();

    await store.setWish(aWish(runId));

    expect((await awake(store)).toSorted()).toEqual([delayed.jobId, retried.jobId].toSorted());
  });

  it('refuses to let a job sleep that it binds', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit: 'deploy/staging/shop' });

    await store.setWish(aWish(runId));

    expect(await store.park(lease, aPark())).toBe('wished');
    expect(await store.finish(lease, aFinish({ status: 'cancelled' }))).toBe('finished');
  });

  it('does not let a new job sleep that it binds', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.setWish(aWish(runId));
    const job = aJob(runId, { service: 'deploy', delayMs: hour });

    await store.accept(anAcceptance(runId, { service: 'deploy', job }));

    expect(await awake(store)).toEqual([job.jobId]);
  });
}

function testHearing(under: Under): void {
  it('comes with the claim and with the renewal of a job that it binds', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit: 'deploy/staging/shop' });
    expect(await store.renew(lease, hour)).toEqual({ kind: 'held', wishes: [] });

    await store.setWish(aWish(runId, { wish: 'deadline' }));

    expect(await store.renew(lease, hour)).toMatchObject({ kind: 'held', wishes: [{ wish: 'deadline' }] });
    await store.release(lease);
    expect(await mustClaim(store, 'deploy')).toMatchObject({ wishes: [{ wish: 'deadline' }] });
  });

  it('is not heard by a job that it does not bind', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const job = aJob(runId, { service: 'deploy', bound: false });
    await store.accept(anAcceptance(runId, { service: 'deploy', job }));

    await store.setWish(aWish(runId));

    const lease = await mustClaim(store, 'deploy');
    expect(lease.wishes).toEqual([]);
    expect(await store.renew(lease, hour)).toEqual({ kind: 'held', wishes: [] });
    expect(await store.park(lease, aPark())).toBe('parked');
  });

  it('is set by the finish of a job, for its generation', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const parked = await sleeper(store, runId, {});
    const lease = await workAt(store, { runId, unit: 'test', service: 'test' });

    await store.finish(lease, aFinish({ status: 'failure', wish: { wish: 'halted', reason: 'test_failed' } }));

    expect(await store.readRun(runId)).toMatchObject({
      wishes: [{ wish: 'halted', generation: 1, units: null, reason: 'test_failed', actor: null }],
    });
    expect(await awake(store)).toEqual([parked]);
  });
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobRecord } from '@orchestra/runtime';
import { forgetGroups } from '@orchestra/testkit';
import { tellTime } from '../tell-time.ts';
import { shortPeriods, startFaultWorld, type FaultWorld } from './fault-world.ts';
import { countEvents, factsOf, findViolations, reads } from './find-violations.ts';
import { lookUntil } from './look-until.ts';
import { countFenced, descendantsOf, isAlive, replaceProcess, signalAll } from './service-signals.ts';
import { openShop, type Pushed, type Shop } from './shop.ts';

const sessionMs = Number(shortPeriods.SESSION_MS);
// Longer than twice the session and than the lease, so that only heartbeats and renewals keep it.
const buildMs = 3_000;
// So long nobody else gets the job of a process that died.
const goneMs = Number(shortPeriods.LEASE_MS) + Number(shortPeriods.REAP_MS);
let world: FaultWorld;
let slow: Shop;
// Its build ends by nothing but a kill or a cancel.
let endless: Shop;
let quick: Shop[] = [];

beforeAll(async () => {
  world = await startFaultWorld({ periods: shortPeriods, replicas: ['build=2', 'rollback=2'] });
  slow = await openShop(world.platform, { pipeline: 'light', buildMs });
  endless = await openShop(world.platform, { pipeline: 'light', buildMs: 900_000 });
  quick = await Promise.all(Array.from({ length: 4 }, () => openShop(world.platform, { pipeline: 'light' })));
});

afterAll(async () => {
  await Promise.all([slow, endless, ...quick].map((shop) => shop.close()));
  await world.stop();
});

describe('the platform whose services are broken', () => {
  it('F2 a replica is killed while it builds: its children die with it, and the other one takes over within the lease', async () => {
    const { runId } = await endless.push('killed');
    const { pid } = await builderOf(runId);
    const children = await lookUntil({ see: () => descendantsOf(pid), until: (found) => found.length > 0 });

    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    const taken = await lookUntil({
      see: () => buildJob(runId),
      until: (job) => job?.status === 'running' && pidIn(job) !== pid,
    });
    tellTime({
      what: 'the other replica had the job of the killed one',
      ms: performance.now() - killedAt,
      limitMs: goneMs,
    });

    expect(taken).toMatchObject({ stalls: 1 });
    await lookUntil({
      see: () => Promise.all(children.map(isAlive)),
      until: (alive) => !alive.includes(true),
    });
    await world.platform.api.order(`/runs/${runId}/cancel`, {});
    expect(await endless.endOf(runId)).toBe('cancelled');
    expect(await violations()).toEqual([]);
    expect(await countEvents(world, 'build_ready', runId)).toBe(1);
  });

  it('F1 a replica is stopped for longer than its lease: what it says afterwards counts for nothing', async () => {
    const { runId } = await slow.push('paused');
    const { pid } = await builderOf(runId);

    process.kill(pid, 'SIGSTOP');
    await lookUntil({
      see: () => buildJob(runId),
      until: (job) => job?.status === 'done' && pidIn(job) !== pid,
      timeoutMs: 30_000,
    });
    process.kill(pid, 'SIGCONT');

    await lookUntil({ see: () => countFenced(world.platform, pid), until: (count) => count === 1 });
    await expectSuccess([{ shop: slow, runId }]);
    expect(await countEvents(world, 'build_ready', runId)).toBe(1);
  });

  it('F8 a stage takes longer than two sessions: it is not given out again, and other runs pass it', async () => {
    const { runId } = await slow.push('long');
    await builderOf(runId);
    const [shop] = quick;
    const other = await shop?.push('passes');

    const status = await shop?.endOf(other?.runId ?? '');

    expect(buildMs).toBeGreaterThan(2 * sessionMs);
    expect(status).toBe('success');
    await expectSuccess([{ shop: slow, runId }]);
    expect(await buildJob(runId)).toMatchObject({ attempt: 1, stalls: 0 });
  });

  it('F26 a push is told of again: it has the run that it had', async () => {
    const pushed = await slow.push('told twice');

    expect(await slow.repeat(pushed)).toBe(pushed.runId);
    await expectSuccess([{ shop: slow, runId: pushed.runId }]);
    expect(await slow.repeat(pushed)).toBe(pushed.runId);
  });

  it('F28 pushes come faster than a run takes: the versions that serve only get newer, and the last one serves', async () => {
    const shop = slow;
    const pushes: Pushed[] = [];
    const served: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      pushes.push(await shop.push(`push ${count}`));
      const serving = await shop.serving();
      if (serving !== null && served.at(-1) !== serving) served.push(serving);
    }

    const statuses = await Promise.all(pushes.map(({ runId }) => shop.endOf(runId)));

    const order = pushes.map(({ after }) => after);
    const places = served.map((commit) => order.indexOf(commit)).filter((place) => place >= 0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(statuses.slice(0, -1))).toContain('superseded');
    expect(statuses.at(-1)).toBe('success');
    expect(await shop.serving()).toBe(order.at(-1));
    expect(await violations()).toEqual([]);
  });

  it('F33 deploy is asked to stop while it brings a release up: the job is handed back unspent, and the release is made once', async () => {
    const shop = await openShop(world.platform, { pipeline: 'light', startMs: 2 * Number(shortPeriods.DRAIN_MS) });
    quick.push(shop);
    await shop.endOf((await shop.push('serves')).runId);
    const failed = shop.failedRequests();
    const { runId, after } = await shop.push('is brought up');
    const begun = await lookUntil({
      see: async () => ({ job: await deployJob(runId), lane: await shop.lane() }),
      until: ({ job, lane }) => job?.status === 'running' && lane === 'stepping',
      timeoutMs: 60_000,
    });

    await replaceProcess(world.platform, pidIn(begun.job), 'SIGTERM');

    await expectSuccess([{ shop, runId }]);
    expect(await deployJob(runId)).toMatchObject({ attempt: 1, stalls: 0 });
    expect(pidIn(await deployJob(runId))).not.toBe(pidIn(begun.job));
    expect(await shop.serving()).toBe(after);
    expect(shop.failedRequests()).toBe(failed);
  }, 300_000);

  it('F33 all services are replaced one after the other by SIGTERM during 20 runs: all of these end', async () => {
    const runs = quick.slice(0, 4).map(async (shop) => {
      const statuses: string[] = [];
      for (let count = 0; count < 5; count += 1)
        statuses.push(await shop.endOf((await shop.push(`rolling ${count}`)).runId));
      return statuses;
    });

    for (const { pid } of await world.platform.processes()) await replaceProcess(world.platform, pid, 'SIGTERM');

    expect((await Promise.all(runs)).flat()).toEqual(Array.from({ length: 20 }, () => 'success'));
    expect(await violations()).toEqual([]);
  });

  it('F35 all groups begin again at the oldest record: nothing is done twice, and no old version comes back', async () => {
    const serving = await Promise.all([slow, ...quick].map((shop) => shop.serving()));
    const before = await factsOf(world, pushesSoFar());

    // The broker gives up members that are silent; a group without any can be forgotten.
    await signalAll(world.platform, 'SIGSTOP');
    try {
      const brokers = [world.proxies.kafka.address];
      await lookUntil({ see: () => succeeds(() => forgetGroups({ brokers, reads })), until: Boolean });
    } finally {
      await signalAll(world.platform, 'SIGCONT');
    }
    const [shop] = quick;
    const next = await shop?.push('after the reset');

    expect(await shop?.endOf(next?.runId ?? '')).toBe('success');
    expect(await violations()).toEqual([]);
    const after = await factsOf(world, pushesSoFar());
    expect(after.records.filter(({ event }) => event?.runId !== next?.runId)).toHaveLength(before.records.length);
    expect(await Promise.all([slow, ...quick].map((one) => one.serving()))).toEqual(
      serving.map((commit, index) => (index === 1 ? next?.after : commit)),
    );
  });
});

async function expectSuccess(runs: readonly { shop: Shop; runId: string }[]): Promise<void> {
  const statuses = await Promise.all(runs.map(({ shop, runId }) => shop.endOf(runId)));
  expect(statuses).toEqual(runs.map(() => 'success'));
  expect(await violations()).toEqual([]);
}

function pushesSoFar(): Shop['pushes'] {
  return [slow, endless, ...quick].flatMap(({ pushes }) => pushes);
}

function violations(): Promise<string[]> {
  return findViolations(world, pushesSoFar());
}

async function buildJob(runId: string): Promise<JobRecord | undefined> {
  const { jobs } = await world.platform.api.read<{ jobs: JobRecord[] }>(`/runs/${runId}/jobs`);
  return jobs.find(({ service, unit }) => service === 'build' && unit === 'build');
}

async function deployJob(runId: string): Promise<JobRecord | undefined> {
  const { jobs } = await world.platform.api.read<{ jobs: JobRecord[] }>(`/runs/${runId}/jobs`);
  return jobs.find(({ service, handler }) => service === 'deploy' && handler === 'gate');
}

async function builderOf(runId: string): Promise<{ pid: number }> {
  const job = await lookUntil({ see: () => buildJob(runId), until: (found) => found?.status === 'running' });
  return { pid: pidIn(job) };
}

// An owner is service@host:pid.
function pidIn(job: JobRecord | undefined): number {
  return Number(job?.owner?.split(':').at(-1));
}

function succeeds(work: () => Promise<void>): Promise<boolean> {
  return work().then(
    () => true,
    () => false,
  );
}

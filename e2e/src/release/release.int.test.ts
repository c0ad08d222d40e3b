import { describe, expect, it } from '@jest/globals';
import { judgeRun } from '@orchestra/contracts';
import { eventually, startTraffic, type Traffic } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { unit } from './release-plan.ts';
import { servingIn, startReleaseWorld, type ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();

async function givenWorld(): Promise<ReleaseWorld> {
  const world = await startReleaseWorld();
  open.push(async () => world[Symbol.asyncDispose]());
  return world;
}

async function givenTraffic(world: ReleaseWorld): Promise<Traffic> {
  const traffic = startTraffic(await world.url(), { users: 2, restMs: 5 });
  open.push(async () => traffic.stop());
  return traffic;
}

/** A world in which a first release serves and was watched. */
async function givenRelease(): Promise<{ world: ReleaseWorld; traffic: Traffic; first: string }> {
  const world = await givenWorld();
  const first = await world.push({ version: 'v1' });
  const traffic = await givenTraffic(world);
  expect(await world.ended(first, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  return { world, traffic, first };
}

/** A second release that has passed its step, serves, and is watched for longer than the test takes. */
async function givenServing(world: ReleaseWorld, changed: readonly string[] | null): Promise<string> {
  const observability = { releaseWatchMs: 120_000, maxWaitMs: 120_000 };
  const second = await world.push({ version: 'v2', changed, deployment: { strategy: 'blue_green' }, observability });
  await eventually({
    see: async () => world.story(second),
    until: (story) => story.includes('deployment_triggered RELEASED'),
  });
  return second;
}

describe('deploy, observability and rollback together', () => {
  it('bring a first release into a target and watch it to its last word', async () => {
    const { world, first } = await givenRelease();

    expect(await world.ended(first, unit.observe)).toMatchObject({ status: 'success' });
    expect(await world.target()).toMatchObject({
      current: 'r1',
      lane: null,
      history: [{ release: 'r1', health: 'healthy' }],
    });
    expect(judgeRun(await world.run(first))).toMatchObject({ kind: 'ended', status: 'success' });
    expect(await world.story(first)).toEqual([
      'code_push',
      'iac_ready',
      'deployment_triggered STEP',
      'deployment_health',
      'deployment_triggered RELEASED',
      'deployment_health',
    ]);
  });

  it('promote a good canary step by step, without one failed request', async () => {
    const { world, traffic } = await givenRelease();
    const failedBefore = traffic.seen.failed.length;

    const second = await world.push({ version: 'v2' });

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(servingIn(await world.target())).toBe('r2');
    await traffic.stop();
    expect(traffic.seen.failed.length).toBe(failedBefore);
    expect([...traffic.seen.bodies]).toEqual(expect.arrayContaining(['v1', 'v2']));
  });

  it('take a bad canary back at 10 %, remember its version, and refuse it the next time', async () => {
    const { world } = await givenRelease();
    const commit = 'b'.repeat(40);
    const steps = [{ weightPercent: 10 }, { weightPercent: 100 }];

    const bad = await world.push({ version: 'v2', failEvery: 1, commit, deployment: { steps } });

    expect(await world.ended(bad, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(bad, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect(judgeRun(await world.run(bad))).toMatchObject({ kind: 'ended', status: 'rolled_back' });
    const told = await world.backends.store.readHistory(bad);
    expect(told.filter(({ what }) => what === 'deployment_triggered')).toMatchObject([
      { detail: { phase: 'STEP', step: 1, weightPercent: 10 } },
      { detail: { phase: 'ABORTED' } },
    ]);
    expect(await world.target()).toMatchObject({
      current: 'r1',
      lane: null,
      seizure: null,
      rollbacks: [{ from: 'r2', to: 'r1' }],
    });

    const again = await world.push({ version: 'v3', commit });

    expect(await world.ended(again, unit.deploy)).toEqual({ status: 'failure', reason: 'quarantined' });
    expect(await world.ended(again, unit.observe)).toMatchObject({ status: 'skipped', reason: 'quarantined' });
  });

  it('never promote a canary that nobody has seen', async () => {
    const { world, traffic } = await givenRelease();
    await traffic.stop();

    const unseen = await world.push({ version: 'v2', observability: { maxWaitMs: 800 } });

    expect(await world.ended(unseen, unit.deploy)).toEqual({ status: 'error', reason: 'health_unclear' });
    expect(await world.ended(unseen, unit.observe)).toMatchObject({ status: 'skipped' });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null, rollbacks: [] });
  });

  it('take a release back that turns bad while it is watched', async () => {
    const { world } = await givenRelease();
    const second = await givenServing(world, null);

    await fetch(`${await world.url()}/break`);

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect(servingIn(await world.target())).toBe('r1');
  });

  it('leave the traffic where it is when a schema migration stands in the way, and call people', async () => {
    const { world } = await givenRelease();
    const second = await givenServing(world, ['migrations/002_orders.sql']);

    await fetch(`${await world.url()}/break`);

    expect(await world.ended(second, unit.rollback)).toMatchObject({ reason: 'schema_migration' });
    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'failure', reason: 'degraded' });
    // People are called by this one.
    expect(await world.story(second)).toContain('deployment_triggered FAILED');
    expect(await world.shares()).toEqual({ r2: 100 });
    expect(await world.target()).toMatchObject({ current: 'r2', rollbacks: [], lane: null, blocked: null });
  });

  it('give a release that does not start no traffic, and free the lane', async () => {
    const { world, traffic } = await givenRelease();

    const broken = await world.push({
      version: 'v2',
      service: { command: ['node', '-e', 'process.exit(1)'], readyTimeoutMs: 5_000 },
    });

    expect(await world.ended(broken, unit.rollback)).toEqual({ status: 'success', reason: 'rollout_failed' });
    expect(await world.ended(broken, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect(await world.ended(broken, unit.observe)).toMatchObject({ status: 'skipped' });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null });
    expect(traffic.seen.bodies.has('v2')).toBe(false);
  });

  it('leave no lane behind when the very first release does not start', async () => {
    const world = await givenWorld();

    const broken = await world.push({ service: { command: ['node', '-e', 'process.exit(1)'], readyTimeoutMs: 5_000 } });

    expect(await world.ended(broken, unit.rollback)).toEqual({
      status: 'not_needed',
      reason: 'nothing_healthy_before',
    });
    expect(await world.ended(broken, unit.deploy)).toEqual({ status: 'failure', reason: 'rollout_failed' });
    expect(await world.target()).toMatchObject({ current: null, lane: null });
  });

  it('record a bad first release as what serves, because there is nothing to go back to', async () => {
    const world = await givenWorld();
    const bad = await world.push({ failEvery: 2 });
    await givenTraffic(world);

    expect(await world.ended(bad, unit.deploy)).toEqual({ status: 'failure', reason: 'taken_out_of_traffic' });
    expect(await world.target()).toMatchObject({
      current: 'r1',
      lane: null,
      history: [{ release: 'r1', health: 'bad' }],
    });
  });

  it('give the traffic back when a person cancels in the middle of a canary', async () => {
    const { world } = await givenRelease();
    const second = await world.push({ version: 'v2', observability: { stepWatchMs: 60_000, maxWaitMs: 60_000 } });
    await eventually({ see: async () => (await world.target()).lane?.state, until: (state) => state === 'judging' });

    await world.backends.store.setWish({
      runId: second,
      wish: 'cancel',
      generation: null,
      units: null,
      reason: 'test',
      actor: 'ada',
    });

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'cancelled', reason: 'cancelled_by_person' });
    expect(await world.ended(second, unit.observe)).toMatchObject({ status: 'cancelled' });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null });
  });

  it('let a newer run wait for the lane and take it afterwards', async () => {
    const { world } = await givenRelease();
    const slow = { stepWatchMs: 2_000 };
    const second = await world.push({ version: 'v2', ref: 'refs/heads/a', observability: slow });
    await eventually({ see: async () => (await world.target()).lane?.runId, until: (owner) => owner === second });
    const third = await world.push({ version: 'v3', ref: 'refs/heads/b' });

    expect(await world.ended(second, unit.deploy)).toMatchObject({ status: 'success' });
    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.target()).toMatchObject({ current: 'r3', waiters: [], lane: null });
  });

  it('skip every unit behind bad infrastructure', async () => {
    const world = await givenWorld();

    const skipped = await world.push({ outcome: 'FAILURE' });

    expect(await world.ended(skipped, unit.deploy)).toEqual({ status: 'skipped', reason: 'input_not_good' });
    expect(await world.ended(skipped, unit.observe)).toEqual({ status: 'skipped', reason: 'input_not_good' });
    expect((await world.run(skipped)).endedAt).not.toBeNull();
  });

  it.each(['rolling', 'immediate', 'blue_green'] as const)(
    'replace a release (%s) without one failed request',
    async (strategy) => {
      const { world, traffic } = await givenRelease();
      const failedBefore = traffic.seen.failed.length;

      const second = await world.push({ version: 'v2', service: { replicas: 2 }, deployment: { strategy } });

      expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
      await traffic.stop();
      expect(traffic.seen.failed.length).toBe(failedBefore);
      expect([...traffic.seen.bodies]).toEqual(expect.arrayContaining(['v1', 'v2']));
    },
  );

  it('go on where they were when all three are stopped in the middle of a canary', async () => {
    const { world } = await givenRelease();
    const second = await world.push({ version: 'v2', observability: { stepWatchMs: 1_500 } });
    await eventually({ see: async () => (await world.target()).lane?.state, until: (state) => state === 'judging' });

    await world.restart();

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  });
});

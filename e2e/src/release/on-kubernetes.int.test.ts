import { describe, expect, it } from '@jest/globals';
import { findRelease, judgeRun } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { judgedByPods } from './cluster-place.ts';
import { givenReleaseInCluster, type ClusterWorld } from './given-cluster-world.ts';
import { unit } from './release-plan.ts';
import type { ReleaseWorld } from './release-world.ts';
import { useCluster } from './use-cluster.ts';
import { canaryEffects, canaryStory } from './whole-canary.ts';

const open = closeAfterEach();
const hourMs = 3_600_000;
const cluster = useCluster();

async function givenRelease(replicas = 1): Promise<ClusterWorld> {
  return givenReleaseInCluster(cluster.url, { open, replicas });
}

async function untilTold(world: ReleaseWorld, runId: string, what: string): Promise<void> {
  await eventually({ see: async () => world.story(runId), until: (story) => story.includes(what), timeoutMs: 60_000 });
}

describe('deploy, observability and rollback together, in a cluster', () => {
  it('promote a good canary, take the next one back at 10 %, and refuse its version the next time', async () => {
    const { world, metrics } = await givenRelease(9);
    const tenth = { service: { replicas: 9 }, deployment: { steps: [{ weightPercent: 10 }, { weightPercent: 100 }] } };

    const good = await world.push({ version: 'v2', ...tenth });

    expect(await world.ended(good, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.shares()).toEqual({ r2: 100 });
    expect(await world.story(good)).toEqual(['code_push', 'build_ready', ...canaryStory]);

    metrics.errors.set('web r3', 0.4);
    const commit = 'b'.repeat(40);
    const bad = await world.push({ version: 'v3', commit, ...tenth });

    expect(await world.ended(bad, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(bad, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect(judgeRun(await world.run(bad))).toMatchObject({ kind: 'ended', status: 'rolled_back' });
    expect(await world.shares()).toEqual({ r2: 100 });
    const told = await world.backends.store.readHistory(bad);
    expect(told.filter(({ what }) => what === 'deployment_triggered')).toMatchObject([
      { detail: { phase: 'STEP', step: 1, weightPercent: 10 } },
      { detail: { phase: 'ABORTED' } },
    ]);

    const again = await world.push({ version: 'v4', commit, ...tenth });

    expect(await world.ended(again, unit.deploy)).toEqual({ status: 'failure', reason: 'quarantined' });
  }, 180_000);

  it('take a canary of which nobody knows anything out of traffic, and let pods alone acquit it where the file says so', async () => {
    const { world, metrics } = await givenRelease();
    metrics.errors.set('web r2', null);

    const unseen = await world.push({ version: 'v2', observability: { maxWaitMs: 800 } });

    expect(await world.ended(unseen, unit.deploy)).toEqual({ status: 'error', reason: 'health_unclear' });
    expect(await world.shares()).toEqual({ r1: 100 });

    const passed = await world.push({ version: 'v3', observability: { judgement: judgedByPods } });

    expect(await world.ended(passed, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.shares()).toEqual({ r3: 100 });
  }, 180_000);

  it('give pods no traffic that keep ending, or whose image nobody has, and say why', async () => {
    const { world } = await givenRelease();

    for (const [tag, reason] of [
      ['bad', 'CrashLoopBackOff'],
      ['absent', 'ImagePullBackOff'],
    ] as const) {
      const broken = await world.push({ version: tag, tag, service: { readyTimeoutMs: 4_000 } });

      expect(await world.ended(broken, unit.rollback)).toEqual({ status: 'success', reason: 'rollout_failed' });
      expect(await world.ended(broken, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
      expect(await world.shares()).toEqual({ r1: 100 });
      expect(JSON.stringify(await world.backends.store.readHistory(broken))).toContain(reason);
    }
  }, 180_000);

  it('take a release back that turns bad while it is watched', async () => {
    const { world, metrics } = await givenRelease();
    const watched = { releaseWatchMs: 120_000, maxWaitMs: 120_000 };
    const second = await world.push({ version: 'v2', observability: watched });
    await untilTold(world, second, 'deployment_triggered RELEASED');

    metrics.errors.set('web r2', 0.4);

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'failure', reason: 'rolled_back' });
    expect(await world.shares()).toEqual({ r1: 100 });
  }, 180_000);

  it('leave the traffic where it is when a schema migration stands in the way, and call people', async () => {
    const { world, metrics } = await givenRelease();
    const watched = { releaseWatchMs: 120_000, maxWaitMs: 120_000 };
    const second = await world.push({ version: 'v2', changed: ['db/migrate/2_orders.rb'], observability: watched });
    await untilTold(world, second, 'deployment_triggered RELEASED');

    metrics.errors.set('web r2', 0.4);

    expect(await world.ended(second, unit.rollback)).toMatchObject({ reason: 'schema_migration' });
    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'failure', reason: 'degraded' });
    // People are called by this one.
    expect(await world.story(second)).toContain('deployment_triggered FAILED');
    expect(await world.shares()).toEqual({ r2: 100 });
    expect(await world.target()).toMatchObject({ current: 'r2', rollbacks: [], lane: null, blocked: null });
  }, 180_000);

  it('take a release back by an alert from outside an hour later', async () => {
    const { world } = await givenRelease();
    const second = await world.push({ version: 'v2' });
    expect(await world.ended(second, unit.observe)).toMatchObject({ status: 'success' });
    const releasedAt = Date.parse(findRelease(await world.target(), 'r2')?.releasedAt ?? '');
    const labels = { alertname: 'CheckoutFails', service: 'web', environment: 'production' };
    const startsAt = new Date(releasedAt + hourMs).toISOString();
    const annotations = { value: '0.4', threshold: '0.05' };

    await world.alert([{ status: 'firing', labels, annotations, startsAt, fingerprint: 'f1' }]);

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'threshold_breached' });
    expect(await world.shares()).toEqual({ r1: 100 });
  }, 180_000);

  it('end a canary once and rightly when deploy is killed after each of its effects', async () => {
    const { world } = await givenRelease(2);
    const second = await world.push({
      version: 'v2',
      service: { replicas: 2 },
      deployment: { strategy: 'blue_green' },
    });
    expect(await world.ended(second, unit.deploy)).toMatchObject({ status: 'success' });

    world.deploy().dieAfterEachEffect();
    const third = await world.push({ version: 'v3', service: { replicas: 2 } });

    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(world.deploy().deaths).toEqual(canaryEffects);
    expect(await world.story(third)).toEqual(['code_push', 'build_ready', ...canaryStory]);
    expect(await world.shares()).toEqual({ r3: 100 });
  }, 180_000);
});

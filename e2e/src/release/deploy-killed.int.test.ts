import { describe, expect, it } from '@jest/globals';
import { eventually, startTraffic, type Traffic } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { unit } from './release-plan.ts';
import { startReleaseWorld, type ReleaseWorld } from './release-world.ts';
import { canaryEffects, canaryStory } from './whole-canary.ts';

const open = closeAfterEach();

const two = { replicas: 2 };

/** A release that serves, and one user: it goes on for as long as deploy is dead. */
async function givenTraffic(): Promise<{ world: ReleaseWorld; traffic: Traffic }> {
  const world = await startReleaseWorld();
  open.push(async () => world[Symbol.asyncDispose]());
  const first = await world.push({ version: 'v1' });
  const traffic = startTraffic(await world.url(), { users: 1, restMs: 5 });
  open.push(async () => traffic.stop());
  expect(await world.ended(first, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  return { world, traffic };
}

describe('a canary whose deploy is killed after each of its effects', () => {
  it('is promoted once and rightly, changes nothing twice, and no request fails', async () => {
    const { world, traffic } = await givenTraffic();
    const second = await world.push({ version: 'v2', service: two });
    expect(await world.ended(second, unit.deploy)).toMatchObject({ status: 'success' });
    const failedBefore = traffic.seen.failed.length;
    const before = (await world.changes()).length;

    world.deploy().dieAfterEachEffect();
    const third = await world.push({ version: 'v3', service: two });

    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(world.deploy().deaths).toEqual(canaryEffects);
    expect(await world.story(third)).toEqual(['code_push', ...canaryStory]);
    const changed = (await world.changes()).slice(before).filter(({ kind }) => kind !== 'claim');
    expect(changed.map(({ key }) => key)).toEqual([...new Set(changed.map(({ key }) => key))]);
    expect(await world.shares()).toEqual({ r3: 100 });
    await traffic.stop();
    expect(traffic.seen.failed.length).toBe(failedBefore);
  }, 180_000);

  it('is taken out of traffic once and rightly when a person cancels it', async () => {
    const { world } = await givenTraffic();
    const endlessly = { stepWatchMs: 600_000, maxWaitMs: 600_000 };
    const second = await world.push({ version: 'v2', observability: endlessly });
    await eventually({
      see: async () => (await world.target()).lane?.state,
      until: (state) => state === 'judging',
      timeoutMs: 60_000,
    });

    world.deploy().dieAfterEachEffect();
    const wish = { wish: 'cancel' as const, generation: null, units: null, reason: 'test', actor: 'ada' };
    await world.backends.store.setWish({ runId: second, ...wish });

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'cancelled', reason: 'cancelled_by_person' });
    expect(world.deploy().deaths).toContain('all to r1');
    const told = (await world.story(second)).filter((what) => what.startsWith('deployment_triggered'));
    expect(told).toEqual(['deployment_triggered STEP', 'deployment_triggered ABORTED']);
    expect(await world.shares()).toEqual({ r1: 100 });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null, blocked: null });
  }, 180_000);
});

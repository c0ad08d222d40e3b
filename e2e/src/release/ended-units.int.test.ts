import { describe, expect, it } from '@jest/globals';
import type { WishKind } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { givenRelease } from './given-release.ts';
import { giveOrder } from './give-order.ts';
import { unit } from './release-plan.ts';
import type { ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();

const endlessly = { stepWatchMs: 60_000, maxWaitMs: 60_000 };

/** The same, with a second release whose first step is being judged for longer than any test takes. */
async function givenCanary(): Promise<{ world: ReleaseWorld; second: string }> {
  const world = await givenRelease(open);
  const second = await world.push({ version: 'v2', ref: 'refs/heads/a', observability: endlessly });
  await untilLane(world, second, 'judging');
  return { world, second };
}

async function untilLane(world: ReleaseWorld, runId: string, state: string): Promise<void> {
  await eventually({
    see: async () => (await world.target()).lane,
    until: (lane) => lane?.runId === runId && lane.state === state,
  });
}

async function untilWaiting(world: ReleaseWorld, runId: string): Promise<void> {
  await eventually({
    see: async () => (await world.target()).waiters.map((waiter) => waiter.runId),
    until: (waiting) => waiting.includes(runId),
  });
}

async function wish({ backends }: ReleaseWorld, runId: string, kind: WishKind): Promise<void> {
  await backends.store.setWish({ runId, wish: kind, generation: null, units: null, reason: 'test', actor: 'ada' });
}

/** Waits for the ends of both units of a run, and says their statuses. */
async function endsOf(world: ReleaseWorld, runId: string) {
  const deploy = await world.ended(runId, unit.deploy);
  const observe = await world.ended(runId, unit.observe);
  return { deploy, observe };
}

describe('every planned unit ends', () => {
  it('when a person cancels a run that waits for the lane', async () => {
    const { world } = await givenCanary();
    const third = await world.push({ version: 'v3', ref: 'refs/heads/b' });
    await untilWaiting(world, third);

    await wish(world, third, 'cancel');

    expect(await endsOf(world, third)).toMatchObject({
      deploy: { status: 'cancelled', reason: 'cancelled_by_person' },
      observe: { status: 'cancelled' },
    });
    expect(await world.target()).toMatchObject({ waiters: [], lane: { release: 'r2' } });
  });

  it('when a newer run takes the lane that an older one waits for', async () => {
    const { world, second } = await givenCanary();
    const third = await world.push({ version: 'v3', ref: 'refs/heads/b' });
    await untilWaiting(world, third);
    const fourth = await world.push({ version: 'v4', ref: 'refs/heads/c' });
    await untilWaiting(world, fourth);

    await wish(world, second, 'cancel');

    expect(await endsOf(world, third)).toMatchObject({
      deploy: { status: 'cancelled', reason: 'superseded' },
      observe: { status: 'cancelled' },
    });
    expect(await world.ended(fourth, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.target()).toMatchObject({ waiters: [], lane: null });
  });

  it('when one that was to be next leaves without the lane: the one behind it takes it', async () => {
    const { world, second } = await givenCanary();
    const third = await world.push({ version: 'v3', ref: 'refs/heads/b' });
    await untilWaiting(world, third);
    const fourth = await world.push({ version: 'v4', ref: 'refs/heads/c' });
    await untilWaiting(world, fourth);

    await wish(world, fourth, 'cancel');
    await wish(world, second, 'cancel');

    expect(await endsOf(world, fourth)).toMatchObject({
      deploy: { status: 'cancelled' },
      observe: { status: 'cancelled' },
    });
    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  });

  it('when a newer push of the branch comes between a step and its judgement', async () => {
    const { world, second } = await givenCanary();

    const third = await world.push({ version: 'v3', ref: 'refs/heads/a' });

    expect(await endsOf(world, second)).toMatchObject({
      deploy: { status: 'cancelled', reason: 'superseded' },
      observe: { status: 'cancelled' },
    });
    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  });

  it('when the run passes its deadline while a step is judged', async () => {
    const { world, second } = await givenCanary();

    await wish(world, second, 'deadline');

    expect(await endsOf(world, second)).toMatchObject({
      deploy: { status: 'timed_out', reason: 'run_deadline' },
      observe: { status: 'timed_out' },
    });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null });
  });

  it('when a person takes a canary back while it is judged', async () => {
    const { world, second } = await givenCanary();

    await giveOrder(world.backends, { runId: second, addressee: 'rollback', action: 'ROLLBACK' });

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'ordered' });
    expect(await endsOf(world, second)).toMatchObject({
      deploy: { status: 'failure', reason: 'rolled_back' },
      observe: { status: 'skipped', reason: 'rolled_back' },
    });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null, rollbacks: [{ from: 'r2', to: 'r1' }] });
  });

  it('when a person takes a canary back that is still being started', async () => {
    const world = await givenRelease(open);
    const command = ['sh', '-c', 'sleep 2; exec node main.mjs'];
    const second = await world.push({ version: 'v2', service: { command } });
    await untilLane(world, second, 'stepping');

    await giveOrder(world.backends, { runId: second, addressee: 'rollback', action: 'ROLLBACK' });

    expect(await world.ended(second, unit.rollback)).toEqual({ status: 'success', reason: 'ordered' });
    expect(await endsOf(world, second)).toMatchObject({
      deploy: { status: 'failure', reason: 'rolled_back' },
      observe: { status: 'skipped', reason: 'rolled_back' },
    });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null, waiters: [] });
  });

  it('when a person cancels a canary that is still being started', async () => {
    const world = await givenRelease(open);
    const command = ['sh', '-c', 'sleep 2; exec node main.mjs'];
    const second = await world.push({ version: 'v2', service: { command } });
    await untilLane(world, second, 'stepping');

    await wish(world, second, 'cancel');

    expect(await endsOf(world, second)).toMatchObject({
      deploy: { status: 'cancelled', reason: 'cancelled_by_person' },
      observe: { status: 'cancelled' },
    });
    expect(await world.target()).toMatchObject({ current: 'r1', lane: null, waiters: [] });
    expect(await world.story(second)).toContain('deployment_triggered ABORTED');
  });
});

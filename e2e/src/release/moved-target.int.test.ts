import { describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { givenRelease } from './given-release.ts';
import { unit } from './release-plan.ts';
import type { ReleaseWorld } from './release-world.ts';

const open = closeAfterEach();

// Its second step starts a second process, and that takes its time.
const slowToStart = { command: ['sh', '-c', 'sleep 1; exec node main.mjs'], replicas: 2 };

async function untilLane(world: ReleaseWorld, wanted: { runId: string; state: string; step: number }): Promise<void> {
  await eventually({
    see: async () => (await world.target()).lane,
    until: (lane) => lane?.runId === wanted.runId && lane.state === wanted.state && lane.step === wanted.step,
  });
}

describe('a rollout whose target moves', () => {
  it('makes a step again that was cut in the middle', async () => {
    const world = await givenRelease(open);
    const second = await world.push({ version: 'v2', service: slowToStart });
    await untilLane(world, { runId: second, state: 'stepping', step: 2 });

    await world.restart();

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.target()).toMatchObject({ current: 'r2', lane: null });
  });

  it('goes on when another run has come to wait for the lane during a step', async () => {
    const world = await givenRelease(open);
    const second = await world.push({ version: 'v2', ref: 'refs/heads/a', service: slowToStart });
    await untilLane(world, { runId: second, state: 'stepping', step: 2 });

    const third = await world.push({ version: 'v3', ref: 'refs/heads/b' });

    expect(await world.ended(second, unit.deploy)).toMatchObject({ status: 'success' });
    expect(await world.ended(third, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  });
});

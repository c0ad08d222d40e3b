import { expect } from '@jest/globals';
import { startTraffic } from '@orchestra/testkit';
import { unit } from './release-plan.ts';
import { startReleaseWorld, type ReleaseWorld } from './release-world.ts';

/**
 * A world under traffic in which a first release serves and was watched.
 *
 * @param open gets what closes the world and its traffic, to be called last first
 */
export async function givenRelease(open: (() => Promise<void>)[]): Promise<ReleaseWorld> {
  const world = await startReleaseWorld();
  open.push(async () => world[Symbol.asyncDispose]());
  const first = await world.push({ version: 'v1' });
  const traffic = startTraffic(await world.url(), { users: 2, restMs: 5 });
  open.push(async () => traffic.stop());
  expect(await world.ended(first, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  return world;
}

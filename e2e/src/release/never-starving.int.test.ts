import { describe, expect, it } from '@jest/globals';
import { eventually, startTraffic } from '@orchestra/testkit';
import { closeAfterEach } from './close-after-each.ts';
import { unit } from './release-plan.ts';
import { startReleaseWorld, type ReleaseWorld } from './release-world.ts';

// A push every two seconds for two minutes.
const pushes = 60;
const open = closeAfterEach();

/** Pushes the next commit as soon as the one before could begin to deploy: no run is ever left alone for as long as it takes. */
async function pushWithoutEnd(world: ReleaseWorld): Promise<string[]> {
  const runs: string[] = [];
  for (let number = 1; number <= pushes; number += 1) {
    const runId = await world.push({ version: `v${number}` });
    runs.push(runId);
    await eventually({
      see: async () => (await world.run(runId)).units['iac/production']?.status,
      until: (status) => status === 'success' || status === 'cancelled',
    });
  }
  return runs;
}

const phase = (name: string) => `deployment_triggered ${name}`;

describe('pushes that come faster than a run takes', () => {
  it('leave some runs to finish, end with the newest one, and cut no move of a rollout', async () => {
    const world = await startReleaseWorld();
    open.push(async () => world[Symbol.asyncDispose]());
    const first = await world.push({ version: 'v0', ref: 'refs/heads/first' });
    const traffic = startTraffic(await world.url(), { users: 1, restMs: 5 });
    open.push(async () => traffic.stop());
    await world.ended(first, unit.deploy);
    const failedBefore = traffic.seen.failed.length;

    const runs = await pushWithoutEnd(world);

    const ends: { status: string; reason: string | null }[] = [];
    for (const runId of runs) ends.push(await world.ended(runId, unit.deploy));
    const stories = await Promise.all(runs.map(async (runId) => world.story(runId)));
    const target = await world.target();

    expect(ends.at(-1)).toMatchObject({ status: 'success' });
    const released = ends.flatMap(({ status }, index) => (status === 'success' ? [index] : []));
    // Of six in a row that are overtaken at most five give way.
    expect(released.length).toBeGreaterThan(2);
    expect(ends.filter(({ status, reason }) => status !== 'success' && reason !== 'superseded')).toEqual([]);
    for (const [index, story] of stories.entries()) {
      const ended = story.filter((line) => line === phase('RELEASED') || line === phase('ABORTED'));
      expect([index, ended]).toEqual([index, [phase(released.includes(index) ? 'RELEASED' : 'ABORTED')]]);
    }
    expect(traffic.seen.failed.length).toBe(failedBefore);
    // What served was never older than what had served before, and nothing is left half-way.
    const served = target.history.map(({ sequence }) => sequence);
    expect(served).toEqual(served.toSorted((a, b) => a - b));
    expect(target).toMatchObject({ lane: null, seizure: null, blocked: null, waiters: [] });
  }, 120_000);
});

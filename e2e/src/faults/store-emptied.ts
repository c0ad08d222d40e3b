import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultWorld } from './fault-world.ts';
import { withBackends } from './find-violations.ts';
import { lookUntil } from './look-until.ts';
import { runRebuild } from './run-orchestra.ts';
import { isIn, openShop, type Shop } from './shop.ts';
import { tellRedis } from './tell-redis.ts';

let world: FaultWorld;
let shop: Shop;

/** Empties Redis, and folds the topics back into it. Behind it no store remembers what was comfort. */
export function testEmptiedStore(open: () => FaultWorld): void {
  describe('F9: Redis is emptied in the middle of runs', () => {
    beforeAll(async () => {
      world = open();
      shop = await openShop(world.platform);
    });

    afterAll(() => shop.close());

    testRebuild();
    testRebuildOfWatch();
  });
}

function testRebuild(): void {
  it('and rebuilt from the topics: runs that had ended are known, the others end, and the newest serves', async () => {
    const first = await shop.push('first');
    expect(await shop.endOf(first.runId)).toBe('success');
    const second = await shop.push('second');
    await lookUntil({
      see: () => shop.look(second.runId),
      until: (shown) => isIn(shown, 'build', ['success']),
      timeoutMs: 60_000,
    });

    const kept = await countStored();
    await tellRedis(world.redis.url, 'FLUSHALL');
    const before = await shop.look(first.runId);
    const rebuilt = await rebuild();

    expect(before).toBeNull();
    expect(rebuilt).toMatchObject({ ...kept, unfinished: 1, unreadable: 0 });
    expect(await shop.endOf(second.runId)).toBe('success');
    expect(await shop.endOf(first.runId)).toBe('success');
    expect(await shop.serving()).toBe(second.after);
    await expect(rebuild()).rejects.toThrow('it is in use');
  }, 240_000);
}

function testRebuildOfWatch(): void {
  it('while a release is watched: the watch begins anew, and a rollback still finds what to bring back', async () => {
    const third = await shop.push('third');
    const unit = 'deploy/production/shop';
    await lookUntil({
      see: () => shop.look(third.runId),
      until: (shown) => shown?.run.units[unit]?.reason === 'watching' || shown?.overall.kind === 'ended',
      timeoutMs: 60_000,
    });
    const serving = await shop.serving();

    await tellRedis(world.redis.url, 'FLUSHALL');
    await rebuild();

    expect(await shop.endOf(third.runId)).toBe('success');
    await shop.rollBack();
    const restored = await lookUntil({
      see: () => shop.serving(),
      until: (commit) => commit !== serving,
      timeoutMs: 60_000,
    });
    expect([serving, restored]).toEqual([third.after, shop.pushes.at(-2)?.commit]);
  }, 240_000);
}

function rebuild(): ReturnType<typeof runRebuild> {
  const { data } = world.platform;
  const places = { ARTIFACTS_DIR: join(data, 'artifacts'), LOCAL_TARGET_DIR: join(data, 'target') };
  return runRebuild(['--distributed'], { ...world.environment, ...places });
}

function countStored(): Promise<{ runs: number; targets: number }> {
  return withBackends(world, async ({ store }) => ({
    runs: (await store.listRuns({ repository: null, limit: 100, before: null })).length,
    targets: (await store.listTargets(null)).length,
  }));
}

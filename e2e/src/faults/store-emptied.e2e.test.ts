import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { shortPeriods, startFaultWorld, type FaultWorld } from './fault-world.ts';
import { runRebuild } from './run-orchestra.ts';
import { isIn, openShop, type Shop } from './shop.ts';
import { tellRedis } from './tell-redis.ts';

let world: FaultWorld;
let shop: Shop;

beforeAll(async () => {
  world = await startFaultWorld({ periods: shortPeriods });
  shop = await openShop(world.platform);
}, 180_000);

afterAll(async () => {
  await shop.close();
  await world.stop();
}, 60_000);

function rebuild(): ReturnType<typeof runRebuild> {
  const { data } = world.platform;
  const places = { ARTIFACTS_DIR: join(data, 'artifacts'), LOCAL_TARGET_DIR: join(data, 'target') };
  return runRebuild(['--distributed'], { ...world.environment, ...places });
}

describe('F9: Redis is emptied in the middle of runs', () => {
  it('and rebuilt from the topics: runs that had ended are known, the others end, and the newest serves', async () => {
    const first = await shop.push('first');
    expect(await shop.endOf(first.runId)).toBe('success');
    const second = await shop.push('second');
    await eventually({
      see: () => shop.look(second.runId),
      until: (shown) => isIn(shown, 'build', ['success']),
      timeoutMs: 60_000,
    });

    await tellRedis(world.redis.url, 'FLUSHALL');
    const before = await shop.look(first.runId);
    const rebuilt = await rebuild();

    expect(before).toBeNull();
    expect(rebuilt).toMatchObject({ runs: 2, unfinished: 1, targets: 1, unreadable: 0 });
    expect(await shop.endOf(second.runId)).toBe('success');
    expect(await shop.endOf(first.runId)).toBe('success');
    expect(await shop.serving()).toBe(second.after);
    await expect(rebuild()).rejects.toThrow('it is in use');
  }, 240_000);

  it('while a release is watched: the watch begins anew, and a rollback still finds what to bring back', async () => {
    const third = await shop.push('third');
    const unit = 'deploy/production/shop';
    await eventually({
      see: () => shop.look(third.runId),
      until: (shown) => shown?.run.units[unit]?.reason === 'watching' || shown?.overall.kind === 'ended',
      timeoutMs: 60_000,
    });
    const serving = await shop.serving();

    await tellRedis(world.redis.url, 'FLUSHALL');
    await rebuild();

    expect(await shop.endOf(third.runId)).toBe('success');
    await shop.rollBack();
    const restored = await eventually({
      see: () => shop.serving(),
      until: (commit) => commit !== serving,
      timeoutMs: 60_000,
    });
    expect([serving, restored]).toEqual([third.after, shop.pushes.at(-2)?.commit]);
  }, 240_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { startFaultWorld, type FaultWorld } from './fault-world.ts';
import { findViolations } from './find-violations.ts';
import { pidsOf } from './service-signals.ts';
import { isIn, openShop, type Shop } from './shop.ts';

const promisedSeconds = 15;
let world: FaultWorld;
let shop: Shop;

// Every period as it is in production.
beforeAll(async () => {
  world = await startFaultWorld();
  shop = await openShop(world.platform, { pipeline: 'light' });
});

afterAll(async () => {
  await shop.close();
  await world.stop();
});

describe("the platform with production's periods, after SIGKILL", () => {
  it('the only replica of a service works again within 15 s, on what came meanwhile', async () => {
    const [pid] = await pidsOf(world.platform, 'build');
    if (pid === undefined) throw new Error('no build runs');

    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    const { runId } = await shop.push('while build is dead');
    await eventually({
      see: () => shop.look(runId),
      until: (shown) => isIn(shown, 'build', ['running', 'success']),
      timeoutMs: 60_000,
    });
    const seconds = (performance.now() - killedAt) / 1000;

    process.stderr.write(`build worked again ${seconds.toFixed(1)} s after SIGKILL\n`);
    expect(seconds).toBeLessThan(promisedSeconds);
    expect(await shop.endOf(runId)).toBe('success');
    expect(await findViolations(world, shop.pushes)).toEqual([]);
  });
});

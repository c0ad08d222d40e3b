import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@orchestra/contracts';
import { failpoints } from '@orchestra/runtime';
import type { FaultWorld } from './fault-world.ts';
import { findViolations } from './find-violations.ts';
import { lookUntil } from './look-until.ts';
import { openShop, type Pushed, type Shop } from './shop.ts';

/** What a job's unit begins with at which a service is killed: the one in which it does its work. */
const units: readonly (readonly [ServiceName, string])[] = [
  ['gitops', 'gitops'],
  ['build', 'build'],
  ['code-analysis', 'code_analysis'],
  ['test', 'test'],
  ['iac', 'iac/'],
  ['deploy', 'deploy/'],
  ['observability', 'observe/'],
  ['rollback', 'rollback/'],
  // An order of a person belongs to no unit.
  ['chatops', ''],
];

/** Kills each service, the only replica, at each point of the life of a job. */
export function testFailpoints(open: () => FaultWorld): void {
  describe('F1 SIGKILL of each of the nine services, the only replica each', () => {
    let world: FaultWorld;
    let shop: Shop;
    let first: Pushed;

    beforeAll(async () => {
      world = open();
      shop = await openShop(world.platform);
      first = await shop.push('first');
      await shop.endOf(first.runId);
    });

    afterAll(() => shop.close());

    it.each(failpoints)('%s: one run and the way back end as if nobody had died', async (point) => {
      for (const [service, unit] of units) await world.failpoints.arm(service, point, unit);

      const { runId, after } = await shop.push(point);
      const status = await shop.endOf(runId);
      const served = await shop.serving();
      await shop.rollBack();
      await lookUntil({ see: shop.serving, until: (commit) => commit === first.after, timeoutMs: 120_000 });
      await shop.endOf(runId);

      expect(status).toBe('success');
      expect(served).toBe(after);
      expect(units.filter(([service]) => !world.failpoints.isHit(service, point))).toEqual([]);
      expect(await findViolations(world, shop.pushes)).toEqual([]);
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FlagChange, Flags } from '@orchestra/adapters/flags';

/** What keeps flags, and what users would get there. */
export interface FlagsUnderTest {
  flags: Flags;
  /** Percent of the users of an environment for whom a flag is on; null: it was never changed. */
  percentOf(environment: string, flag: string): Promise<number | null>;
  close(): Promise<void>;
}

const change: FlagChange = {
  flag: 'checkout-v2',
  environment: 'production',
  percent: 10,
  release: 'r2',
  epoch: 4,
  key: 'acme/shop/production/web 4 10',
};

/** The contract of what keeps feature flags. */
export function testFlags(name: string, open: () => Promise<FlagsUnderTest>): void {
  describe(`the flags of ${name}`, () => {
    let world: FlagsUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('are raised step by step, and lowered', async () => {
      const seen: (number | null)[] = [await world.percentOf('production', 'checkout-v2')];
      for (const [index, percent] of [0, 10, 100, 0].entries()) {
        await world.flags.change({ ...change, percent, epoch: 4 + index, key: `k${index}` });
        seen.push(await world.percentOf('production', 'checkout-v2'));
      }

      expect(seen).toEqual([null, 0, 10, 100, 0]);
    });

    it('are the same after the same change once more', async () => {
      await world.flags.change(change);
      await world.flags.change(change);

      expect(await world.percentOf('production', 'checkout-v2')).toBe(10);
    });

    it('are of one environment', async () => {
      await world.flags.change(change);
      await world.flags.change({ ...change, environment: 'staging', percent: 50, key: 'other' });

      expect(await world.percentOf('production', 'checkout-v2')).toBe(10);
      expect(await world.percentOf('staging', 'checkout-v2')).toBe(50);
    });

    it('are not changed by an older move', async () => {
      await world.flags.change({ ...change, epoch: 9, percent: 0, key: 'newer' });

      await expect(world.flags.change(change)).rejects.toMatchObject({ code: 'FLAGS_REFUSED', retriable: false });
      expect(await world.percentOf('production', 'checkout-v2')).toBe(0);
    });
  });
}

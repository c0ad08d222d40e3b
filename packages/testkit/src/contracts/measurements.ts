import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

interface Counted {
  requests: number;
  errors: number;
  wanted: number;
  ready: number;
}

/** A target that is measured, and the people who use it. */
export interface MeasurementsUnderTest {
  /** Of a target, as observability asks. */
  measure(target: string): Promise<{ countedSince: string; releases: Readonly<Record<string, Counted>> } | null>;
  /** The target where `serve` puts a release. */
  target: string;
  /** Gives all traffic to a release that answers. */
  serve(release: string): Promise<void>;
  /** Lets people ask for something. */
  visit(): Promise<void>;
  close(): Promise<void>;
}

/** The contract of measurements: counters by release that only grow. */
export function testMeasurements(name: string, open: () => Promise<MeasurementsUnderTest>): void {
  describe(`the measurements of ${name}`, () => {
    let world: MeasurementsUnderTest;

    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('are null where nothing was deployed', async () => {
      expect(await world.measure(world.target)).toBeNull();
    });

    it('count the requests of the release that answered them, and only grow', async () => {
      await world.serve('r1');
      const before = await world.measure(world.target);
      await world.visit();
      const after = await world.measure(world.target);

      expect(after?.releases['r1']).toMatchObject({ errors: 0, wanted: 1, ready: 1 });
      expect(after?.releases['r1']?.requests).toBeGreaterThan(before?.releases['r1']?.requests ?? 0);
      expect(after?.countedSince).toBe(before?.countedSince);
    });
  });
}

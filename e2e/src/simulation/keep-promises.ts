import { describe, expect, it } from '@jest/globals';
import { describeViolation } from '@orchestra/testkit/world';
import { runSeed } from './run-seed.ts';

const atOnce = 25;

/** Plays seeds and expects that each world kept all its promises. In parts, so that a failure says soon where it is. */
export function expectPromisesKept({ from, count }: { from: number; count: number }): void {
  describe('nine services under seeded trouble', () => {
    const parts = Array.from({ length: Math.ceil(count / atOnce) }, (_none, part) => from + part * atOnce);
    it.each(parts)(
      `keep every promise, ${atOnce} seeds from %d`,
      async (first) => {
        const broken: string[] = [];
        const stackTraceLimit = Error.stackTraceLimit;
        // The places of errors that are part of a world cost more than the errors do.
        Error.stackTraceLimit = 0;
        for (let seed = first; seed < Math.min(first + atOnce, from + count); seed += 1) {
          const { violations } = await runSeed(seed);
          broken.push(...violations.map((violation) => `seed ${seed}: ${describeViolation(violation)}`));
        }
        Error.stackTraceLimit = stackTraceLimit;

        expect(broken).toEqual([]);
      },
      600_000,
    );
  });
}

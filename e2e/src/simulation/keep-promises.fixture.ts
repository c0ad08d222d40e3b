import { describe, expect, it } from '@jest/globals';
import { playInProcess } from './play-in-process.fixture.ts';

/** Plays seeds and expects that each world kept all its promises. Not in jest's own realm, where a seed takes a third longer. */
export function expectPromisesKept({ from, count }: { from: number; count: number }): void {
  describe('nine services under seeded trouble', () => {
    it(`keep every promise, ${count} seeds from ${from}`, async () => {
      const said = await playInProcess('--seeds', String(count), '--from', String(from));

      expect(said).toMatch(new RegExp(`^${count} seeds, \\d+ runs, .* all promises kept$`, 'm'));
    }, 900_000);
  });
}

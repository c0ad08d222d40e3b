import { describe, expect, it } from '@jest/globals';
import { playInProcess } from './play-in-process.fixture.ts';

/** The trace of a seed, played in a process of its own. */
function replay(seed: number): Promise<string> {
  return playInProcess('--seed', String(seed), '--trace');
}

describe('a seed', () => {
  it('gives the same trace in another process, byte for byte', async () => {
    const [one, other] = await Promise.all([replay(7), replay(7)]);

    expect(one.split('\n').length).toBeGreaterThan(500);
    expect(other).toBe(one);
  }, 300_000);

  it('gives another trace than its neighbour', async () => {
    const [one, other] = await Promise.all([replay(7), replay(8)]);

    expect(other).not.toBe(one);
  }, 300_000);
});

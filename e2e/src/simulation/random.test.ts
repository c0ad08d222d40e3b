import { describe, expect, it } from '@jest/globals';
import { createRandom } from './random.ts';

describe('seeded chance', () => {
  it('repeats itself for the same seed', () => {
    const [one, other] = [createRandom('7'), createRandom('7')];

    const drawn = Array.from({ length: 20 }, () => one.next());

    expect(Array.from({ length: 20 }, () => other.next())).toEqual(drawn);
    expect(new Set(drawn).size).toBe(20);
  });

  it('spreads evenly', () => {
    const random = createRandom('spread');

    const counts = Array.from({ length: 10_000 }, () => random.whole(0, 9));

    for (let digit = 0; digit < 10; digit += 1) {
      expect(Math.abs(counts.filter((one) => one === digit).length - 1000)).toBeLessThan(150);
    }
  });

  it('has streams that do not move each other', () => {
    const [one, other] = [createRandom('7'), createRandom('7')];
    one.next();

    expect(one.fork('world').next()).toBe(other.fork('world').next());
  });
});

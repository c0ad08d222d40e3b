import { describe, expect, it } from '@jest/globals';
import { estimateShift } from './estimate-shift.ts';
import { upperTail } from './normal.ts';
import { rankSum } from './rank-sum.ts';
import { sequence } from './sequence.fixture.ts';

const high = { base: 100, spread: 20 };
// Reference values: mannwhitneyu(two-sided, asymptotic, use_continuity) and the sorted differences by numpy.
const vectors = [
  {
    what: 'few values (Hollander and Wolfe, 1973, page 69)',
    left: [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    right: [1.15, 0.88, 0.9, 0.74, 1.21],
    u: 35,
    p: 0.24462360512698333,
    shift: { estimate: 0.305, low: -0.17, high: 0.76 },
  },
  {
    what: 'many ties',
    left: [1, 2, 2, 3, 4, 4, 4, 5],
    right: [2, 4, 4, 5, 6, 6, 7],
    u: 11.5,
    p: 0.057936001992383114,
    shift: { estimate: -2, low: -4, high: 0 },
  },
  {
    what: 'a small shift',
    left: sequence(1, 60, high),
    right: sequence(7, 55, { base: 95, spread: 20 }),
    u: 2484,
    p: 3.060696376519743e-6,
    shift: { estimate: 5.79185, low: 3.5841, high: 8.1976 },
  },
  {
    what: 'no overlap',
    left: sequence(1, 60, high),
    right: sequence(7, 60, { base: 130, spread: 20 }),
    u: 0,
    p: 3.5565709749847226e-21,
    shift: { estimate: -29.1798, low: -31.3597, high: -26.8673 },
  },
  {
    what: 'the same values',
    left: sequence(1, 50, { base: 10, spread: 1 }),
    right: sequence(1, 50, { base: 10, spread: 1 }),
    u: 1250,
    p: 1,
    shift: { estimate: 0, low: -0.1116, high: 0.1116 },
  },
];

describe('the statistics agree with scipy', () => {
  it.each(vectors)('rankSum: $what', ({ left, right, u, p }) => {
    const test = rankSum(left, right);

    expect(test.u).toBe(u);
    expect(test.p / p).toBeCloseTo(1, 5);
  });

  it.each(vectors)('estimateShift: $what', ({ left, right, shift }) => {
    const { estimate, low, high: above } = estimateShift(left, right);

    expect(estimate).toBeCloseTo(shift.estimate, 9);
    expect(low).toBeCloseTo(shift.low, 9);
    expect(above).toBeCloseTo(shift.high, 9);
  });

  it.each([
    [-3, 0.9986501019683699],
    [-0.5, 0.6914624612740131],
    [0, 0.5],
    [1, 0.15865525393145707],
    [2.5, 0.006209665325776132],
    [9.4, 2.7281535713e-21],
  ])('upperTail(%d)', (z, tail) => {
    expect(upperTail(z) / tail).toBeCloseTo(1, 6);
  });
});

describe('rankSum', () => {
  it('sees nothing in values that are all alike', () => {
    expect(rankSum([2, 2, 2], [2, 2])).toEqual({ u: 3, p: 1 });
  });

  it('does not work without values', () => {
    expect(() => rankSum([], [1])).toThrow(RangeError);
    expect(() => estimateShift([1], [])).toThrow(RangeError);
  });
});

import { describe, expect, it } from '@jest/globals';
import { median, medianRatio, percentile } from './statistics.ts';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    { share: 0.5, value: 50 },
    { share: 0.99, value: 99 },
    { share: 1, value: 100 },
    { share: 0, value: 1 },
  ])('gives the value at rank $share', ({ share, value }) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('orders numbers as numbers', () => {
    expect(percentile([9, 100, 20], 0.5)).toBe(20);
  });
});

describe('median', () => {
  it('takes the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
  });
});

describe('medianRatio', () => {
  it('compares what was measured beside each other, not the medians of both', () => {
    expect(medianRatio([2, 30, 4], [1, 10, 4])).toBe(2);
  });
});

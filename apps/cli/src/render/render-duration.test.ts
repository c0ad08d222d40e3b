import { describe, expect, it } from '@jest/globals';
import { renderAge, renderDuration } from './render-duration.ts';

describe('renderDuration', () => {
  it.each([
    [0, '0.00 s'],
    [420, '0.42 s'],
    [12_340, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [123_000, '2 min 03 s'],
    [3_599_700, '1 h 00 min'],
    [3_840_000, '1 h 04 min'],
  ])('shows %d ms as %s', (ms, shown) => {
    expect(renderDuration(ms)).toBe(shown);
  });
});

describe('renderAge', () => {
  it.each([
    [-5, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [7199, '1 h'],
    [86_400 * 3, '3 d'],
  ])('shows what was %d seconds ago as %s', (seconds, shown) => {
    const now = new Date('2026-01-01T00:00:00Z');

    expect(renderAge(new Date(now.getTime() - seconds * 1000), now)).toBe(shown);
  });
});

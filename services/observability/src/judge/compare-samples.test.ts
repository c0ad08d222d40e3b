import { describe, expect, it } from '@jest/globals';
import { compareSamples } from './compare-samples.ts';
import { sequence } from './sequence.fixture.ts';

const settings = {
  with: 'beside' as const,
  days: 3,
  minPoints: 50,
  tolerance: 0.25,
  warnPercent: 10,
  failPercent: 25,
};
const lower = { better: 'lower' as const, settings };
const usual = sequence(7, 60, { base: 100, spread: 20 });

/** The usual values of a release that is so many percent off. */
function changed(percent: number): number[] {
  return sequence(1, 60, { base: 100, spread: 20 }).map((value) => value * (1 + percent / 100));
}

describe('compareSamples', () => {
  it.each([
    { change: 0, verdict: 'pass', reason: 'no_shift' },
    { change: 7, verdict: 'pass', reason: 'small_effect' },
    { change: 15, verdict: 'warning', reason: 'shifted' },
    { change: 40, verdict: 'fail', reason: 'shifted' },
    { change: -40, verdict: 'pass', reason: 'shift_is_better' },
  ])('calls a change of $change % $verdict, where lower is better', ({ change, verdict, reason }) => {
    expect(compareSamples(changed(change), usual, lower)).toMatchObject({ verdict, reason });
  });

  it.each([
    { change: -40, verdict: 'fail' },
    { change: 40, verdict: 'pass' },
  ])('calls a change of $change % $verdict, where higher is better', ({ change, verdict }) => {
    expect(compareSamples(changed(change), usual, { better: 'higher', settings })).toMatchObject({ verdict });
  });

  it.each([
    { release: 49, baseline: 60 },
    { release: 60, baseline: 49 },
    { release: 0, baseline: 0 },
  ])('says nothing with $release and $baseline points', ({ release, baseline }) => {
    const [left, right] = [changed(100).slice(0, release), usual.slice(0, baseline)];

    expect(compareSamples(left, right, lower)).toEqual({
      verdict: 'inconclusive',
      reason: 'too_few_points',
      points: { release, baseline },
      means: null,
      statistics: null,
      changePercent: null,
    });
  });

  it('lets values that are all alike pass', () => {
    const zeros = Array.from({ length: 50 }, () => 0);

    expect(compareSamples(zeros, zeros, lower)).toMatchObject({ verdict: 'pass', reason: 'all_alike' });
  });

  it('counts errors out of nothing in full', () => {
    const zeros = Array.from({ length: 50 }, () => 0);
    const errors = sequence(1, 50, { base: 0.01, spread: 0.01 });

    expect(compareSamples(errors, zeros, lower)).toMatchObject({ verdict: 'fail', changePercent: null });
  });

  it('keeps every number that it decided by', () => {
    const { points, means, statistics } = compareSamples(changed(40), usual, lower);

    expect(points).toEqual({ release: 60, baseline: 60 });
    expect(means?.release).toBeGreaterThan(150);
    expect(statistics?.bound).toBeCloseTo(0.25 * (statistics?.estimate ?? 0), 9);
    expect(statistics?.low).toBeGreaterThan(statistics?.bound ?? Number.NaN);
    expect(statistics?.p).toBeLessThan(1e-6);
  });
});

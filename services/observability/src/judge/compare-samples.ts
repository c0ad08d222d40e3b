import type { BaselinePlan } from '@orchestra/contracts';
import { estimateShift, type Shift } from './estimate-shift.ts';
import { rankSum } from './rank-sum.ts';

/** What a comparison of two samples says, with every number it rests on. */
export interface Compared {
  verdict: 'pass' | 'warning' | 'fail' | 'inconclusive';
  reason: 'too_few_points' | 'all_alike' | 'no_shift' | 'shift_is_better' | 'small_effect' | 'shifted';
  points: { release: number; baseline: number };
  means: { release: number; baseline: number } | null;
  /** Null: there were too few points to look. */
  statistics: (Shift & { u: number; p: number; bound: number }) | null;
  /** How far the mean is from that of the baseline; null: that one is 0. */
  changePercent: number | null;
}

type Better = 'lower' | 'higher';

/**
 * Compares a release with its baseline as Kayenta does. It is *shifted* when the whole 95 % interval of the shift lies beyond
 * ± `tolerance` × |Hodges-Lehmann estimate|; how bad that is, is the size of the effect: the change of the mean. Only a shift
 * to the worse counts. Under `minPoints` values a side nothing is said.
 *
 * @see Graham-Cumming et al., "Automated Canary Analysis at Netflix with Kayenta", 2018, and `MannWhitneyClassifier` there
 */
export function compareSamples(
  release: readonly number[],
  baseline: readonly number[],
  { better, settings }: { better: Better; settings: BaselinePlan },
): Compared {
  const points = { release: release.length, baseline: baseline.length };
  if (Math.min(points.release, points.baseline) < settings.minPoints) {
    const nothing = { means: null, statistics: null, changePercent: null };
    return { verdict: 'inconclusive', reason: 'too_few_points', points, ...nothing };
  }
  const shift = estimateShift(release, baseline);
  const bound = settings.tolerance * Math.abs(shift.estimate);
  const means = { release: mean(release), baseline: mean(baseline) };
  const changePercent = means.baseline === 0 ? null : (means.release / means.baseline - 1) * 100;
  const statistics = { ...shift, ...rankSum(release, baseline), bound };
  return { ...classify(statistics, { better, changePercent, settings }), points, means, statistics, changePercent };
}

interface Effect {
  better: Better;
  changePercent: number | null;
  settings: BaselinePlan;
}

function classify(
  { low, high, bound }: Shift & { bound: number },
  { better, changePercent, settings }: Effect,
): Pick<Compared, 'verdict' | 'reason'> {
  if (low === 0 && high === 0) return { verdict: 'pass', reason: 'all_alike' };
  const [above, below] = [low > bound, high < -bound];
  if (!above && !below) return { verdict: 'pass', reason: 'no_shift' };
  if (above === (better === 'higher')) return { verdict: 'pass', reason: 'shift_is_better' };
  // From nothing to something has no ratio: it counts in full.
  const change = changePercent === null ? Number.POSITIVE_INFINITY : Math.abs(changePercent);
  if (change < settings.warnPercent) return { verdict: 'pass', reason: 'small_effect' };
  return { verdict: change < settings.failPercent ? 'warning' : 'fail', reason: 'shifted' };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

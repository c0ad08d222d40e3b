import { upperTail } from './normal.ts';

/** `u`: pairs in which the left value is above the right one, ties by half. `p`: how often chance alone does as much. */
export interface RankSum {
  u: number;
  p: number;
}

/**
 * The rank-sum test of Mann and Whitney, two-sided, by the normal approximation with corrections for ties and continuity, as
 * scipy's `mannwhitneyu(method='asymptotic')`. Good from some ten values a side on.
 *
 * @throws RangeError without values on a side
 * @see Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other", 1947
 */
export function rankSum(left: readonly number[], right: readonly number[]): RankSum {
  const [m, n] = [left.length, right.length];
  if (m === 0 || n === 0) throw new RangeError('A side has no values');
  const { rankOf, ties } = rank([...left, ...right]);
  let ranks = 0;
  for (const value of left) ranks += rankOf.get(value) ?? 0;
  const u = ranks - (m * (m + 1)) / 2;

  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  // All values alike: there is nothing that chance could not do.
  if (!(variance > 0)) return { u, p: 1 };
  const distance = Math.max(0, Math.abs(u - (m * n) / 2) - 0.5);
  return { u, p: Math.min(1, 2 * upperTail(distance / Math.sqrt(variance))) };
}

// Equal values share the middle of their ranks. `ties` is the sum of t^3 - t over them.
function rank(values: readonly number[]): { rankOf: ReadonlyMap<number, number>; ties: number } {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const rankOf = new Map<number, number>();
  let below = 0;
  let ties = 0;
  for (const [value, count] of [...counts].toSorted(([one], [other]) => one - other)) {
    rankOf.set(value, below + (count + 1) / 2);
    below += count;
    ties += count ** 3 - count;
  }
  return { rankOf, ties };
}

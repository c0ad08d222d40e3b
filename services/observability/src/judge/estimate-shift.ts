import { z95 } from './normal.ts';

/** By how much the left values lie above the right ones: the estimate, and between which bounds it is with 95 %. */
export interface Shift {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The shift between two samples by Hodges and Lehmann: the median of all differences, and the 95 % interval that belongs to
 * the rank-sum test, by the normal approximation. Takes m × n differences: call it with some hundred values a side.
 *
 * @throws RangeError without values on a side
 * @see Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 4.2 and 4.3
 */
export function estimateShift(left: readonly number[], right: readonly number[]): Shift {
  const [m, n] = [left.length, right.length];
  const differences = new Float64Array(m * n);
  for (const [row, value] of left.entries()) {
    for (const [column, other] of right.entries()) differences[row * n + column] = value - other;
  }
  differences.sort();
  const spread = z95 * Math.sqrt((m * n * (m + n + 1)) / 12);
  const outside = Math.max(1, Math.floor((m * n) / 2 - spread));
  return { estimate: median(differences), low: at(differences, outside - 1), high: at(differences, m * n - outside) };
}

function median(sorted: Float64Array): number {
  const middle = (sorted.length - 1) / 2;
  return (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2;
}

function at(values: Float64Array, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError('A side has no values');
  return value;
}

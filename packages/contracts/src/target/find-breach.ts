import type { Check } from '../events.generated.ts';

/** The measurement for which a release was taken back. */
export interface Breach {
  metric: string;
  /** Null: it could not be measured. */
  value: number | null;
  threshold: number;
  /** Null: there was nothing to compare with. */
  baseline: number | null;
}

/** The first of the checks that was beyond its threshold, or null. */
export function findBreach(checks: readonly Check[]): Breach | null {
  const found = checks.find(({ verdict }) => verdict === 'BREACH');
  if (found === undefined) return null;
  const { metric, value, threshold, baseline } = found;
  return { metric, value, threshold, baseline };
}

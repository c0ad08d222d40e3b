import type { MetricPlan } from '@orchestra/contracts';

/** Whether a query asks about one release. Another one has the same value for all of them. */
export function namesRelease({ query }: MetricPlan): boolean {
  return /\{\{\s*release\s*\}\}/.test(query);
}

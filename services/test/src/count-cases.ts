import type { TestCase } from '@orchestra/adapters/reports';

/** How many cases have each status; every case counts once. */
export type Counts = Record<TestCase['status'], number>;

export function countCases(cases: readonly TestCase[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
  for (const { status } of cases) counts[status] += 1;
  return counts;
}

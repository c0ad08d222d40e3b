/** One test of a report. Texts are foreign: bounded in length, not escaped. */
export interface TestCase {
  name: string;
  file: string | null;
  status: 'passed' | 'failed' | 'skipped' | 'flaky';
  /** Why it failed; null for any other status. */
  message: string | null;
}

/** All tests of one run of a test command. */
export interface TestReport {
  cases: readonly TestCase[];
}

const maxTextLength = 2_000;

/** Shortens a foreign text. */
export function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

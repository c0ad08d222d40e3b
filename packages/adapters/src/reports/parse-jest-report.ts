import type { Parsed } from './parsed.ts';
import { shorten, type TestCase, type TestReport } from './test-report.ts';

/** Reads what `jest --json` and `vitest --reporter=json` write. A file whose tests could not be loaded is a failed case. */
export function parseJestReport(text: string): Parsed<TestReport> {
  const report = parseObject(text);
  const files = report?.['testResults'];
  if (!Array.isArray(files)) return { ok: false, reason: 'it is no report of jest' };
  return { ok: true, value: { cases: files.flatMap((file) => readFile(asRecord(file))) } };
}

type Fields = Record<string, unknown>;

function parseObject(text: string): Fields | null {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return null;
  }
}

function asRecord(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function readFile(file: Fields): TestCase[] {
  const path = typeof file['name'] === 'string' ? file['name'] : null;
  const results = file['assertionResults'];
  const cases = Array.isArray(results) ? results.map((result) => readCase(asRecord(result), path)) : [];
  const failed = file['status'] === 'failed' && !cases.some(({ status }) => status === 'failed');
  if (!failed) return cases;
  return [...cases, { name: path ?? 'test file', file: path, status: 'failed', message: asMessage(file['message']) }];
}

function readCase(result: Fields, file: string | null): TestCase {
  const status = statuses[String(result['status'])] ?? 'failed';
  const messages = Array.isArray(result['failureMessages']) ? result['failureMessages'].map(String).join('\n') : '';
  const isFlaky = status === 'passed' && Array.isArray(result['retryReasons']) && result['retryReasons'].length > 0;
  return {
    name: shorten(asText(result['fullName']) || asText(result['title'])),
    file,
    status: isFlaky ? 'flaky' : status,
    message: status === 'failed' ? shorten(messages) : null,
  };
}

// A word that this reader does not know is never a pass.
const statuses: Record<string, TestCase['status'] | undefined> = {
  passed: 'passed',
  failed: 'failed',
  pending: 'skipped',
  skipped: 'skipped',
  todo: 'skipped',
  disabled: 'skipped',
};

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asMessage(message: unknown): string {
  return shorten(typeof message === 'string' ? message : 'could not be run');
}

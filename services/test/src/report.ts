import { printable } from '@orchestra/adapters/process';
import { toOutcome, type FailedCase, type TerminalStatus, type TestPlan } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { countCases, type Counts } from './count-cases.ts';

export interface TestEnd extends Counts {
  status: TerminalStatus;
  reason: string | null;
  message: string | null;
  lineCoveragePercent: number | null;
  failures: readonly FailedCase[];
  reportDigest: string | null;
  durationMs: number;
}

/** An end without tests lacks everything but how and why. */
export const nothingRan = {
  ...countCases([]),
  lineCoveragePercent: null,
  failures: [],
  reportDigest: null,
  durationMs: 0,
};

/** The end of the unit as its event, slice and notes say it. `plan` null: the tests were not looked at. */
export function report(end: TestEnd, plan: TestPlan | null, notes: readonly string[]): Ended<'test'> {
  const { status, reason, message, failures, reportDigest, ...numbers } = end;
  const halts = plan?.haltOnFailure === true && isBad(status);
  const framework = plan?.framework ?? null;
  return {
    kind: 'end',
    status,
    reason,
    message: message === null ? null : printable(message),
    events: [
      { topic: 'test_results', data: { outcome: toOutcome(status), reason, framework, reportDigest, ...numbers } },
    ],
    slice: { report: { framework: framework ?? 'none', failures, ...numbers } },
    decided: [{ what: 'tests ended', reason: reason ?? status, facts: { status, message, ...numbers } }],
    notes,
    ...(halts ? { halt: `test: ${reason ?? status}` } : {}),
  };
}

function isBad(status: TerminalStatus): boolean {
  return status === 'failure' || status === 'error' || status === 'timed_out';
}

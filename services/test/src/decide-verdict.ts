import type { TerminalStatus } from '@orchestra/contracts';
import type { Counts } from './count-cases.ts';

/** How the last try of the command ended; the words of `outcome` are those of the sandbox. */
export interface TryEnd {
  command: readonly string[];
  outcome: 'exited' | 'not_found' | 'timed_out' | 'memory' | 'too_much_output';
  exitCode: number | null;
  /** The command found that its runner is not installed. */
  lacksRunner: boolean;
  report: { kind: 'none' } | { kind: 'unusable'; reason: string; message: string } | { kind: 'read' };
}

/** What the cases of all tries come to, each with its last result. */
export interface CaseFacts extends Counts {
  /** Name of the first case that failed; empty: none did. */
  firstFailed: string;
}

export interface Verdict {
  status: TerminalStatus;
  reason: string | null;
  message: string | null;
  /** Whether the same command, run again, may pass. */
  isRepeatable: boolean;
}

/** How the tests went. Exit code and report must both say that they passed, and some test must have run. */
export function decideVerdict(end: TryEnd, cases: CaseFacts): Verdict {
  switch (end.outcome) {
    case 'exited':
      return decideExited(end, cases);
    case 'not_found':
      return notInstalled(end.command[0] ?? 'the program');
    case 'timed_out':
      return ended('timed_out', 'test_time_limit', 'The tests took longer than they may');
    case 'memory':
      return ended('failure', 'out_of_memory', 'The tests need more memory than they may have');
    case 'too_much_output':
      return ended('failure', 'too_much_output', 'The tests would not stop printing');
  }
}

function decideExited(end: TryEnd, cases: CaseFacts): Verdict {
  const { report, exitCode } = end;
  const { failed, passed, flaky, skipped, firstFailed } = cases;
  if (end.lacksRunner) return notInstalled('The test runner');
  if (failed > 0) return repeatable('tests_failed', failedMessage(failed, firstFailed));
  if (exitCode !== 0 && !isEmptyPytest(end)) return repeatable('command_failed', exitMessage(end));
  if (report.kind === 'none') return passedUncounted;
  if (report.kind === 'unusable') return ended('error', report.reason, `The tests cannot be judged: ${report.message}`);
  if (passed + flaky === 0) {
    const found = skipped === 0 ? 'No tests were found' : `No test ran: ${skipped} were skipped`;
    return ended('failure', 'no_tests', found);
  }
  return { status: 'success', reason: null, message: flakyMessage(flaky), isRepeatable: false };
}

const passedUncounted: Verdict = {
  status: 'success',
  reason: 'no_report',
  message: 'The command passed by its exit code; without a report its tests are not counted',
  isRepeatable: false,
};

// pytest ends with 5 when it collected nothing (documentation, "Exit codes").
function isEmptyPytest({ exitCode, command, report }: TryEnd): boolean {
  return exitCode === 5 && report.kind === 'read' && command.join(' ').includes('pytest');
}

function notInstalled(name: string): Verdict {
  return ended('error', 'tool_not_installed', `${name} is not installed where tests run`);
}

function ended(status: TerminalStatus, reason: string, message: string): Verdict {
  return { status, reason, message, isRepeatable: false };
}

function repeatable(reason: string, message: string): Verdict {
  return { status: 'failure', reason, message, isRepeatable: true };
}

function failedMessage(failed: number, firstName: string): string {
  const first = firstName.slice(0, 200);
  return failed === 1 ? `1 test failed: ${first}` : `${failed} tests failed, first of them: ${first}`;
}

function exitMessage({ command, exitCode, report }: TryEnd): string {
  const name = command.slice(0, 3).join(' ').slice(0, 100);
  const although = report.kind === 'read' ? ', although no test failed' : '';
  return `${name} ended with exit code ${exitCode}${although}`;
}

function flakyMessage(flaky: number): string | null {
  if (flaky === 0) return null;
  return flaky === 1 ? '1 test is flaky: it failed, then passed' : `${flaky} tests are flaky: they failed, then passed`;
}

import { describe, expect, it } from '@jest/globals';
import { decideVerdict, type CaseFacts, type TryEnd } from './decide-verdict.ts';

const end: TryEnd = {
  command: ['make', 'test'],
  outcome: 'exited',
  exitCode: 0,
  lacksRunner: false,
  report: { kind: 'read' },
};
const passed: CaseFacts = { passed: 2, failed: 0, skipped: 1, flaky: 0, firstFailed: '' };
const nothing: CaseFacts = { ...passed, passed: 0, skipped: 0 };
const failed: CaseFacts = { ...passed, failed: 1, firstFailed: 'divides' };
const missing = { kind: 'unusable', reason: 'report_missing', message: 'junit.xml does not exist' } as const;

describe('decideVerdict', () => {
  it('passes when exit code and report say so', () => {
    expect(decideVerdict(end, passed)).toEqual({ status: 'success', reason: null, message: null, isRepeatable: false });
  });

  it('passes flaky tests, and says so', () => {
    expect(decideVerdict(end, { ...nothing, flaky: 1 })).toMatchObject({
      status: 'success',
      message: '1 test is flaky: it failed, then passed',
    });
  });

  it('believes the exit code where no report is expected, and says that nothing was counted', () => {
    expect(decideVerdict({ ...end, report: { kind: 'none' } }, nothing)).toMatchObject({
      status: 'success',
      reason: 'no_report',
      message: expect.stringContaining('not counted'),
    });
  });

  it.each<[string, Partial<TryEnd>, CaseFacts, string, string]>([
    ['a failed test', { exitCode: 1 }, failed, 'failure', 'tests_failed'],
    ['a failed test behind exit code 0', {}, failed, 'failure', 'tests_failed'],
    ['an exit code behind passed tests', { exitCode: 1 }, passed, 'failure', 'command_failed'],
    ['an exit code without a report', { exitCode: 2, report: missing }, nothing, 'failure', 'command_failed'],
    [
      'an exit code where none is expected',
      { exitCode: 2, report: { kind: 'none' } },
      nothing,
      'failure',
      'command_failed',
    ],
    ['no exit code', { exitCode: null }, passed, 'failure', 'command_failed'],
    ['a report that is not there', { report: missing }, nothing, 'error', 'report_missing'],
    [
      'a report that is not there, behind passes of an earlier try',
      { report: missing },
      passed,
      'error',
      'report_missing',
    ],
    ['no test at all', {}, nothing, 'failure', 'no_tests'],
    ['only skipped tests', {}, { ...nothing, skipped: 3 }, 'failure', 'no_tests'],
    ['a pytest that collected nothing', { command: ['pytest'], exitCode: 5 }, nothing, 'failure', 'no_tests'],
    ['a program that is missing', { outcome: 'not_found', exitCode: null }, nothing, 'error', 'tool_not_installed'],
    ['a runner that is missing', { exitCode: 1, lacksRunner: true }, nothing, 'error', 'tool_not_installed'],
    ['too much time', { outcome: 'timed_out', exitCode: null }, passed, 'timed_out', 'test_time_limit'],
    ['too much memory', { outcome: 'memory' }, passed, 'failure', 'out_of_memory'],
    ['too much output', { outcome: 'too_much_output', exitCode: null }, passed, 'failure', 'too_much_output'],
  ])('does not pass on %s', (_what, change, cases, status, reason) => {
    expect(decideVerdict({ ...end, ...change }, cases)).toMatchObject({ status, reason });
  });

  it.each<[boolean, string, Partial<TryEnd>, CaseFacts]>([
    [true, 'failed tests', { exitCode: 1 }, failed],
    [true, 'a command that fails', { exitCode: 1, report: { kind: 'none' } }, nothing],
    [false, 'a pass', {}, passed],
    [false, 'a report that is missing', { report: missing }, nothing],
    [false, 'no tests', {}, nothing],
    [false, 'too much time', { outcome: 'timed_out', exitCode: null }, failed],
    [false, 'too much memory', { outcome: 'memory' }, failed],
  ])('says %s to repeating after %s', (isRepeatable, _what, change, cases) => {
    expect(decideVerdict({ ...end, ...change }, cases).isRepeatable).toBe(isRepeatable);
  });

  it('names what failed', () => {
    expect(decideVerdict(end, failed).message).toBe('1 test failed: divides');
    expect(decideVerdict(end, { ...failed, failed: 3 }).message).toBe('3 tests failed, first of them: divides');
    expect(decideVerdict({ ...end, exitCode: 7 }, passed).message).toBe(
      'make test ended with exit code 7, although no test failed',
    );
  });
});

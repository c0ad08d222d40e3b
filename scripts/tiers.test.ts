import { describe, expect, it } from '@jest/globals';
import { countReport, type JestReport } from './tiers.ts';

const clean: JestReport = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('countReport', () => {
  it('counts every test of a clean run as passed', () => {
    expect(countReport(clean, 0)).toEqual({ passed: 3, failed: 0 });
  });

  it.each([
    { when: 'a test failed', change: { success: false, numFailedTests: 2 }, code: 1, failed: 2 },
    { when: 'a suite did not load', change: { success: false, numRuntimeErrorTestSuites: 1 }, code: 1, failed: 1 },
    { when: 'a test was skipped', change: { numPendingTests: 1 }, code: 0, failed: 1 },
    { when: 'jest ended badly and does not say why', change: {}, code: 137, failed: 1 },
  ])('counts a failure when $when', ({ change, code, failed }) => {
    expect(countReport({ ...clean, ...change }, code)).toEqual({ passed: 3, failed });
  });
});

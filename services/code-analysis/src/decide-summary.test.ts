import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@orchestra/contracts';
import { decideSummary } from './decide-summary.ts';

function finding(change: Partial<Finding>): Finding {
  return { tool: 'lint', rule: 'r', path: 'a.ts', line: 1, severity: 'warning', message: '', ...change };
}

describe('decideSummary', () => {
  it('shows the worst first, then by place', () => {
    const findings = [
      finding({ severity: 'note' }),
      finding({ path: 'b.ts' }),
      finding({ line: 9 }),
      finding({ line: null }),
      finding({ severity: 'error', path: 'z.ts' }),
    ];

    const { shown } = decideSummary(findings, null);

    expect(shown.map(({ severity, path, line }) => `${severity} ${path}:${line}`)).toEqual([
      'error z.ts:1',
      'warning a.ts:null',
      'warning a.ts:9',
      'warning b.ts:1',
      'note a.ts:1',
    ]);
  });

  it('shows at most 200, and counts all', () => {
    const summary = decideSummary(
      Array.from({ length: 300 }, () => finding({})),
      null,
    );

    expect([summary.shown.length, summary.allFindings, summary.warnings, summary.errors]).toEqual([200, 300, 300, 0]);
  });

  it('calls new what is in changed files, and everything where that is not known', () => {
    const findings = [finding({ path: 'a.ts' }), finding({ path: 'b.ts' })];
    const changed = [{ path: 'b.ts', addedLines: 1, deletedLines: 0 }];

    expect(decideSummary(findings, changed).newFindings).toBe(1);
    expect(decideSummary(findings, []).newFindings).toBe(0);
    expect(decideSummary(findings, null).newFindings).toBe(2);
  });
});

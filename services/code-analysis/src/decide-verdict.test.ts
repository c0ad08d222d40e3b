import { describe, expect, it } from '@jest/globals';
import { decideVerdict, type ToolEnd } from './decide-verdict.ts';

const ran: ToolEnd = { name: 'oxlint', verdict: 'ran', detail: null };
const failed: ToolEnd = { name: 'semgrep', verdict: 'failed', detail: 'it wrote no report' };
const late: ToolEnd = { name: 'slow', verdict: 'timed_out', detail: null };
const missing: ToolEnd = { name: 'hadolint', verdict: 'not_installed', detail: null };
const error = { severity: 'error' } as const;
const warning = { severity: 'warning' } as const;
const note = { severity: 'note' } as const;

describe('decideVerdict', () => {
  it.each([
    ['error', [warning, note], 'success'],
    ['error', [error], 'failure'],
    ['warning', [note], 'success'],
    ['warning', [warning], 'failure'],
    ['note', [note], 'failure'],
    ['note', [], 'success'],
    ['never', [error, warning, note], 'success'],
  ] as const)('with fail_on %s calls %j %s', (failOn, findings, status) => {
    expect(decideVerdict({ tools: [ran], findings }, failOn).status).toBe(status);
  });

  it.each([
    ['a tool that failed', [ran, failed], 'error', 'tool_failed'],
    ['a tool that is not installed', [ran, missing], 'error', 'tool_not_installed'],
    ['a tool that took too long', [late, failed, missing], 'timed_out', 'analysis_time_limit'],
  ] as const)('takes %s for no pass', (_what, tools, status, reason) => {
    expect(decideVerdict({ tools, findings: [] }, 'error')).toMatchObject({ status, reason });
  });

  it.each([failed, late, missing])('lets what was found stand beside %j', (tool) => {
    expect(decideVerdict({ tools: [tool, ran], findings: [error] }, 'error')).toMatchObject({
      status: 'failure',
      reason: 'findings',
    });
  });

  it('names what is not installed', () => {
    expect(decideVerdict({ tools: [missing], findings: [] }, 'never').message).toBe('Not installed: hadolint');
  });
});

import type { AnalysisPlan, Finding, TerminalStatus } from '@orchestra/contracts';

/** How one analyser ended. `failed`: it ended without a report that can be read. */
export interface ToolEnd {
  name: string;
  verdict: 'ran' | 'not_installed' | 'failed' | 'timed_out';
  detail: string | null;
}

export interface VerdictFacts {
  tools: readonly ToolEnd[];
  findings: readonly Pick<Finding, 'severity'>[];
}

export interface Verdict {
  status: Extract<TerminalStatus, 'success' | 'failure' | 'error' | 'timed_out'>;
  reason: string | null;
  message: string;
}

/** Whether an analysis passes. What an analyser found stands, also when another one could not tell. */
export function decideVerdict({ tools, findings }: VerdictFacts, failOn: AnalysisPlan['failOn']): Verdict {
  const bad = findings.filter(({ severity }) => isAtLeast(severity, failOn)).length;
  const counted = `${findings.length} findings, ${bad} of them at ${failOn} or above`;
  if (bad > 0) return { status: 'failure', reason: 'findings', message: counted };

  const late = tools.find(({ verdict }) => verdict === 'timed_out');
  if (late !== undefined)
    return { status: 'timed_out', reason: 'analysis_time_limit', message: `${late.name} took too long` };
  const failed = tools.find(({ verdict }) => verdict === 'failed');
  if (failed !== undefined) return { status: 'error', reason: 'tool_failed', message: describe(failed) };
  const missing = tools.filter(({ verdict }) => verdict === 'not_installed').map(({ name }) => name);
  if (missing.length > 0) {
    return { status: 'error', reason: 'tool_not_installed', message: `Not installed: ${missing.join(', ')}` };
  }
  return { status: 'success', reason: null, message: failOn === 'never' ? `${findings.length} findings` : counted };
}

const levels = ['note', 'warning', 'error'] as const;

function isAtLeast(severity: Finding['severity'], failOn: AnalysisPlan['failOn']): boolean {
  return failOn !== 'never' && levels.indexOf(severity) >= levels.indexOf(failOn);
}

function describe({ name, detail }: ToolEnd): string {
  return detail === null ? `${name} failed` : `${name}: ${detail}`;
}

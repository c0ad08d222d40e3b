import { toOutcome, type AnalysisPlan, type TerminalStatus } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import type { Summary } from './decide-summary.ts';
import type { ToolEnd } from './decide-verdict.ts';

export interface AnalysisEnd {
  unit: 'source' | 'artifact';
  status: TerminalStatus;
  reason: string | null;
  message: string | null;
  tools: readonly ToolEnd[];
  summary: Summary;
  reportDigest: string | null;
}

const noFindings: Summary = { shown: [], allFindings: 0, newFindings: 0, errors: 0, warnings: 0 };

/** The end of a unit without an analysis. */
export function reportWithout(
  end: Pick<AnalysisEnd, 'unit' | 'status' | 'reason' | 'message'>,
  plan: AnalysisPlan | null,
): Ended<'code-analysis'> {
  return report({ ...end, tools: [], summary: noFindings, reportDigest: null }, plan, []);
}

/** The end of a unit as its event, slice and notes say it. */
export function report(end: AnalysisEnd, plan: AnalysisPlan | null, notes: readonly string[]): Ended<'code-analysis'> {
  const { unit, status, reason, message, tools, summary, reportDigest } = end;
  const { shown: findings, allFindings, newFindings, errors, warnings } = summary;
  const data = { unit: unit === 'source' ? 'SOURCE' : 'ARTIFACT', outcome: toOutcome(status), reason } as const;
  const halts = plan?.haltOnFailure === true && isBad(status);
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [{ topic: 'code_analysis', data: { ...data, newFindings, allFindings, errors, warnings, reportDigest } }],
    slice: { [unit]: { tools: tools.map(toSlice), findings, allFindings, newFindings } },
    decided: [
      {
        what: `analysis of ${unit} ended`,
        reason: reason ?? status,
        facts: { status, message, tools, errors, warnings, allFindings, newFindings },
      },
    ],
    notes,
    ...(halts ? { halt: `code_analysis/${unit}: ${reason ?? status}` } : {}),
  };
}

function toSlice({ name, verdict, detail }: ToolEnd) {
  if (verdict === 'timed_out') return { name, verdict: 'failed', detail: 'it took too long' } as const;
  return { name, verdict, detail };
}

function isBad(status: TerminalStatus): boolean {
  return status === 'failure' || status === 'error' || status === 'timed_out';
}

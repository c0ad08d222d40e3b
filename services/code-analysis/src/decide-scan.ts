import type { AnalysisPlan, Outcome, TerminalStatus } from '@orchestra/contracts';

export type ScanDecision =
  | { kind: 'scan'; command: readonly string[]; report: string | null; settings: AnalysisPlan }
  | { kind: 'none'; status: Extract<TerminalStatus, 'skipped' | 'not_needed'>; reason: string; message: string };

interface ScanFacts {
  /** Of the build. */
  outcome: Outcome;
  /** How many it made. */
  artifacts: number;
}

/** Whether what was built is scanned. `plan` null: the build was bad, so there is nothing to look at. */
export function decideScan({ outcome, artifacts }: ScanFacts, plan: AnalysisPlan | null): ScanDecision {
  if (plan === null) return none('skipped', 'build_not_good', `The build ended as ${outcome.toLowerCase()}`);
  if (!plan.enabled) return none('not_needed', 'switched_off', 'Code analysis is switched off');
  if (plan.artifactScan === null) return none('not_needed', 'no_scanner', 'The file names no scanner for artifacts');
  if (artifacts === 0) return none('not_needed', 'nothing_built', 'The build made no artifact');
  return { kind: 'scan', ...plan.artifactScan, settings: plan };
}

function none(status: 'skipped' | 'not_needed', reason: string, message: string): ScanDecision {
  return { kind: 'none', status, reason, message };
}

import { toOutcome, type Artifact, type BuildPlan, type TerminalStatus } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';

export interface BuildEnd {
  status: TerminalStatus;
  reason: string | null;
  message: string | null;
  artifacts: readonly Artifact[];
  durationMs: number;
}

/** The end of the unit as its event, slice and notes say it. `plan` null: the build was not looked at. */
export function report(end: BuildEnd, plan: BuildPlan | null, notes: readonly string[]): Ended<'build'> {
  const { status, reason, message, artifacts, durationMs } = end;
  const halts = plan?.haltOnFailure === true && isBad(status);
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [{ topic: 'build_ready', data: { outcome: toOutcome(status), reason, artifacts, durationMs } }],
    slice: { result: { tool: plan?.tool ?? 'none', artifacts, durationMs } },
    decided: [{ what: 'build ended', reason: reason ?? status, facts: { status, message, durationMs } }],
    notes,
    ...(halts ? { halt: `build: ${reason ?? status}` } : {}),
  };
}

function isBad(status: TerminalStatus): boolean {
  return status === 'failure' || status === 'error' || status === 'timed_out';
}

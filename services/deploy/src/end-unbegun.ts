import { leaveLane, type TerminalStatus } from '@orchestra/contracts';
import { targetWrite, type Ended } from '@orchestra/runtime';
import { sliceOf, toldOf, triggered } from './report.ts';
import type { Work } from './work.ts';

export interface Unbegun {
  status: TerminalStatus;
  reason: string;
  message: string;
  /** Events behind it, beside those of the job. */
  causes?: readonly string[];
}

/** Ends a rollout that never had the lane. Whoever is next in line is woken in the same step. */
export function endUnbegun(work: Work, { status, reason, message, causes = [] }: Unbegun): Ended<'deploy'> {
  const waits = work.held.target.waiters.some(
    ({ runId, generation }) => runId === work.mover.runId && generation === work.mover.generation,
  );
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [triggered(work, { phase: 'ABORTED', status, reason, lane: null, url: null, causes })],
    ...(waits ? { target: targetWrite(work.held, leaveLane(work.held.target, work.mover)) } : {}),
    slice: sliceOf(withoutQuestion(work), { state: status, lane: null, serving: null }),
    decided: [{ what: 'not deployed', reason, facts: { status, message } }],
  };
}

// What ended while people were asked asks them nothing any more.
function withoutQuestion(work: Work): Work {
  const told = toldOf(work);
  if (told.approval?.state !== 'waiting') return work;
  return { ...work, told: { ...told, approval: { ...told.approval, state: 'ended' } } };
}

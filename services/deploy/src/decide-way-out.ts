import type { Answer } from './answer.ts';

export interface WayOutFacts {
  /** Whether the rollout still owns the lane. */
  ownsLane: boolean;
  seized: boolean;
  answer: Answer | null;
  /** The rollback service has had its time. */
  timedOut: boolean;
}

export type WayOut =
  | { kind: 'wait'; reason: 'rollback' }
  | { kind: 'give_back'; reason: 'rollback_refused' | 'rollback_unanswered' }
  | { kind: 'end'; status: 'failure' | 'unknown'; reason: 'rolled_back' | 'target_blocked' };

/** How a failed rollout ends. It keeps the lane until then; a refusal is carried out only while it still has it. */
export function decideWayOut({ ownsLane, seized, answer, timedOut }: WayOutFacts): WayOut {
  if (answer?.kind === 'rollback') {
    if (answer.outcome === 'restored') return { kind: 'end', status: 'failure', reason: 'rolled_back' };
    if (answer.outcome === 'unknown') return { kind: 'end', status: 'unknown', reason: 'target_blocked' };
    if (ownsLane) return { kind: 'give_back', reason: 'rollback_refused' };
  }
  if (ownsLane)
    return timedOut ? { kind: 'give_back', reason: 'rollback_unanswered' } : { kind: 'wait', reason: 'rollback' };
  if (seized && !timedOut) return { kind: 'wait', reason: 'rollback' };
  return { kind: 'end', status: 'failure', reason: 'rolled_back' };
}

import type { Answer } from './answer.ts';

export interface WayOutFacts {
  /** Whether the rollout still owns the lane. */
  ownsLane: boolean;
  seized: boolean;
  /** Whether a way back could not be done. */
  blocked: boolean;
  answer: Answer | null;
  /** The rollback service has had its time. */
  timedOut: boolean;
}

export type WayOut =
  | { kind: 'wait'; reason: 'rollback' }
  | { kind: 'give_back'; reason: 'rollback_refused' | 'rollback_unanswered' }
  | { kind: 'end'; status: 'failure' | 'unknown'; reason: 'rolled_back' | 'target_blocked' };

/** How a failed rollout ends. It keeps the lane until then; a refusal is carried out only while it still has it. */
export function decideWayOut(facts: WayOutFacts): WayOut {
  const { ownsLane, answer, timedOut } = facts;
  const outcome = answer?.kind === 'rollback' ? answer.outcome : null;
  if (outcome === 'restored') return rolledBack;
  if (outcome === 'unknown') return blocked;
  if (!ownsLane) return withoutLane(facts);
  if (outcome === 'refused') return { kind: 'give_back', reason: 'rollback_refused' };
  return timedOut ? { kind: 'give_back', reason: 'rollback_unanswered' } : { kind: 'wait', reason: 'rollback' };
}

function withoutLane({ seized, blocked: isBlocked, timedOut }: WayOutFacts): WayOut {
  if (seized && isBlocked) return blocked;
  return seized && !timedOut ? { kind: 'wait', reason: 'rollback' } : rolledBack;
}

const rolledBack: WayOut = { kind: 'end', status: 'failure', reason: 'rolled_back' };
const blocked: WayOut = { kind: 'end', status: 'unknown', reason: 'target_blocked' };

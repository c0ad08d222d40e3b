import { infrastructureQuestion, mayAnswer, type InfrastructureSlice, type PlanQuestion } from '@orchestra/contracts';

interface Facts {
  /** What people see of the environment's infrastructure; null: nothing. */
  slice: InfrastructureSlice | null;
  /** What the person has approved or rejected; null: the order does not say. */
  digest: string | null;
  actor: string;
  /** Whether the time for an answer is over. */
  isLate: boolean;
}

export type AnswerDecision =
  | { kind: 'accept'; question: PlanQuestion }
  | { kind: 'refuse'; reason: 'nothing_waits' | 'digest_missing' | 'other_plan' | 'not_an_approver' | 'expired' };

/** Whether an answer is for the plan that waits, from somebody who may give it, in time. */
export function decideAnswer({ slice, digest, actor, isLate }: Facts): AnswerDecision {
  const question = infrastructureQuestion(slice ?? undefined);
  if (question === null) return { kind: 'refuse', reason: 'nothing_waits' };
  // Without it, a plan that was made between the look and the answer would be let through unseen.
  if (digest === null) return { kind: 'refuse', reason: 'digest_missing' };
  if (digest !== question.digest) return { kind: 'refuse', reason: 'other_plan' };
  if (!mayAnswer({ actor, approvers: question.approvers })) return { kind: 'refuse', reason: 'not_an_approver' };
  if (isLate) return { kind: 'refuse', reason: 'expired' };
  return { kind: 'accept', question };
}

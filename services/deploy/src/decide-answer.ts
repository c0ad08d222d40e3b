import { mayAnswer, type ApprovalRules } from '@orchestra/contracts';

export interface AnswerFacts {
  /** Absent: this environment asks nobody. */
  rules: ApprovalRules | undefined;
  /** Whether a rollout of the environment has not begun and has not ended. */
  isOpen: boolean;
  /** What an answer has to name; null: nothing is built yet. */
  digest: string | null;
  /** What the order names. */
  named: string | null;
  says: 'go_on' | 'abort';
  actor: string;
  memberOf: readonly string[];
  /** The names that the author of the push goes by. */
  authors: readonly string[];
  isLate: boolean;
  /** Who has approved this content before. */
  approved: readonly string[];
}

export type AnswerDecision =
  | { kind: 'accept' }
  | {
      kind: 'refuse';
      reason:
        | 'nothing_waits'
        | 'nothing_built'
        | 'digest_missing'
        | 'other_version'
        | 'not_an_approver'
        | 'own_push'
        | 'expired'
        | 'approved_before';
    };

/** Whether an answer is for the content that waits, or will, from somebody who may give it, in time. */
export function decideAnswer(facts: AnswerFacts): AnswerDecision {
  const { rules, isOpen, digest, named, actor, memberOf } = facts;
  if (rules === undefined || !isOpen) return refuse('nothing_waits');
  if (digest === null) return refuse('nothing_built');
  // Without it, what was built between the look and the answer would be let through unseen.
  if (named === null) return refuse('digest_missing');
  if (named !== digest) return refuse('other_version');
  if (!mayAnswer({ actor, ...rules, memberOf })) return refuse('not_an_approver');
  if (facts.isLate) return refuse('expired');
  return facts.says === 'abort' ? { kind: 'accept' } : decideYes(facts, rules);
}

function decideYes({ actor, authors, approved }: AnswerFacts, { allowAuthor }: ApprovalRules): AnswerDecision {
  const isAuthor = authors.some((name) => name.toLowerCase() === actor.toLowerCase());
  if (isAuthor && !allowAuthor) return refuse('own_push');
  return approved.includes(actor) ? refuse('approved_before') : { kind: 'accept' };
}

function refuse(reason: Extract<AnswerDecision, { kind: 'refuse' }>['reason']): AnswerDecision {
  return { kind: 'refuse', reason };
}

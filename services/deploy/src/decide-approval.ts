import type { GivenApproval, VoidApproval } from '@orchestra/contracts';

/** What a person said, as it is kept. */
export interface Word {
  says: 'go_on' | 'abort';
  actor: string;
  eventId: string;
  at: string;
  note: string | null;
  generation: number;
}

export interface ApprovalFacts {
  /** How many people have to say yes. */
  count: number;
  /** All that was said about this content in this environment, in the order in which it came. */
  words: readonly Word[];
  /** An approval of before this moment has lapsed. ISO 8601 in UTC, as all times of words: they compare as text. */
  holdsFrom: string;
  /** Of the job: a no of an older generation was for that one, a yes is for the content. */
  generation: number;
  /** The number of the run. */
  run: number;
  /** Whether the time for answers is over. */
  isOver: boolean;
}

export type ApprovalDecision =
  | { kind: 'granted'; reason: 'approved'; approved: readonly Word[] }
  | { kind: 'reject'; reason: 'rejected'; word: Word }
  | { kind: 'expire'; reason: 'approval_expired' }
  | { kind: 'wait'; reason: 'approval' };

/** Whose approvals hold, and whose have lapsed. */
export interface Counted {
  approved: readonly GivenApproval[];
  voided: readonly VoidApproval[];
}

/** Whether a release has its approvals, and who has given one. */
export function decideApproval(facts: ApprovalFacts): { decision: ApprovalDecision; counted: Counted } {
  const { words, holdsFrom, run } = facts;
  const given = newestOfEach(words.filter(({ says }) => says === 'go_on'));
  const held = given.filter(({ at }) => at >= holdsFrom);
  const lapsed = given.filter(({ at }) => at < holdsFrom);
  const counted = {
    approved: held.map(({ actor, at, note }) => ({ actor, at, note })),
    voided: lapsed.map(({ actor }) => ({ actor, reason: 'expired' as const, run })),
  };
  return { decision: decide(facts, held), counted };
}

function decide({ words, count, generation, isOver }: ApprovalFacts, held: readonly Word[]): ApprovalDecision {
  const no = words.find((word) => word.says === 'abort' && word.generation === generation);
  if (no !== undefined) return { kind: 'reject', reason: 'rejected', word: no };
  if (held.length >= count) return { kind: 'granted', reason: 'approved', approved: held };
  return isOver ? { kind: 'expire', reason: 'approval_expired' } : { kind: 'wait', reason: 'approval' };
}

// The newest word of a person stands where an older one has lapsed.
function newestOfEach(words: readonly Word[]): Word[] {
  return [...new Map(words.map((word) => [word.actor, word])).values()];
}

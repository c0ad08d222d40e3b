import type { ApprovalRules } from '@orchestra/contracts';
import { answerKeyOf, readAnswers } from '@orchestra/runtime';
import { decideApproval, type ApprovalDecision, type Counted } from './decide-approval.ts';
import type { Context } from './work.ts';

interface Counting {
  rules: Pick<ApprovalRules, 'count' | 'expiresMs'>;
  /** What answers about this content are kept under. */
  key: string;
  /** When the question was first put; null: it is put now. */
  askedAt: string | null;
}

export interface CountedApprovals extends Counted {
  decision: ApprovalDecision;
  askedAt: string;
  until: string;
  /** Where the next answer will be kept. */
  nextKey: string;
}

/** Reads what people said about one content in one environment, and counts it. */
export async function countApprovals(
  { store, run, now }: Pick<Context, 'store' | 'run' | 'now'>,
  { rules, key, askedAt }: Counting,
): Promise<CountedApprovals> {
  const words = await readAnswers(store, { runId: run.runId, key });
  const asked = askedAt === null ? now : new Date(askedAt);
  const until = new Date(asked.getTime() + rules.expiresMs);
  const { decision, counted } = decideApproval({
    words,
    count: rules.count,
    holdsFrom: new Date(asked.getTime() - rules.expiresMs).toISOString(),
    generation: run.generation,
    run: run.sequence,
    isOver: now >= until,
  });
  const times = { askedAt: asked.toISOString(), until: until.toISOString() };
  return { ...counted, ...times, decision, nextKey: answerKeyOf({ key }, words.length + 1) };
}

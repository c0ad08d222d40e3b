import type { FoldedIdentity, FoldedRun, Plan, Received, Topic } from '@orchestra/contracts';
import type { RunStore } from '../ports/run-store.ts';
import { giveAnswer, type PersonAnswer } from '../service/person-answer.ts';
import type { RunFacts } from './facts.ts';

/** What the events tell of a run that people could answer about. */
export interface ApprovedRun {
  folded: Pick<FoldedRun, 'slices'>;
  identity: Pick<FoldedIdentity, 'author' | 'pusher'>;
  /** In the order of their times. */
  events: readonly Received<Topic>[];
}

/** What a person said, under the name of the question. */
export interface RestoredAnswer {
  key: string;
  answer: PersonAnswer;
}

/** What people said about releases of a run and what holds for them still, oldest first. */
export type ApprovalsOf = (run: ApprovedRun, plan: Plan) => readonly RestoredAnswer[];

/** Writes what people have said, so that nobody is asked again. A run whose plan is gone has no questions. */
export async function restoreAnswers(
  store: RunStore,
  runs: readonly RunFacts[],
  approvalsOf: ApprovalsOf,
): Promise<void> {
  for (const run of runs) {
    const answers = run.plan === null ? [] : approvalsOf(run, run.plan);
    for (const { key, answer } of answers) await giveAnswer(store, { runId: run.folded.runId, key }, answer);
  }
}

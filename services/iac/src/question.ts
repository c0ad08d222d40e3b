import { createHash } from 'node:crypto';
import type { InfrastructureRules, InfrastructureSlice, PlanQuestion, RemovalSlice } from '@orchestra/contracts';
import { readAnswers, type PersonAnswer } from '@orchestra/runtime';
import type { Context } from './gather-work.ts';
import { renderSummary } from './render-plan.ts';

/** The name under which the answer to a plan waits: another plan, or the same one of another commit, has another. */
export function answerKey(unit: string, { digest }: PlanQuestion): string {
  return `plan/${unit}/${digest}`;
}

/** The digest of a saved plan and the commit that it is of: what an approval is for. */
function questionDigest(planDigest: string, commit: string): string {
  return `sha256:${createHash('sha256').update(`${planDigest}\n${commit}`).digest('hex')}`;
}

/** The question of a plan that may not go on by itself. */
export function askAbout(
  { planDigest, commit }: { planDigest: string; commit: string },
  { approvers, approvalTimeoutMs }: InfrastructureRules,
  now: Date,
): PlanQuestion {
  const until = new Date(now.getTime() + approvalTimeoutMs).toISOString();
  return { digest: questionDigest(planDigest, commit), approvers, until };
}

/** The sentence with which people are asked. */
export function renderQuestion(environment: string, slice: InfrastructureSlice | RemovalSlice): string {
  const { approvers = [], until = '' } = slice.question ?? {};
  const who = approvers.length === 0 ? 'a person' : approvers.join(' or ');
  const what = 'jobId' in slice ? `Destroying the infrastructure of ${environment}` : `The plan for ${environment}`;
  return `${what} waits for ${who} until ${until}: ${renderSummary(slice)}`;
}

/** The answer that has come, or null. The first one stands. */
export async function findAnswer({ store, run, job }: Context, question: PlanQuestion): Promise<PersonAnswer | null> {
  const [first] = await readAnswers(store, { runId: run.runId, key: answerKey(job.unit ?? '', question) });
  return first ?? null;
}

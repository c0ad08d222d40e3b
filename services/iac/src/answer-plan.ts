import { OrchestraError, type InfrastructureSlice, type PlanQuestion } from '@orchestra/contracts';
import type { PersonAnswer, Result } from '@orchestra/runtime';
import { applyPlan } from './apply-plan.ts';
import { askerOf, environmentWrite, readEnvironment } from './environment.ts';
import { inWorkspace, type Task } from './gather-work.ts';
import { beginApply } from './lock.ts';
import { answerKey, findAnswer, renderQuestion } from './question.ts';
import { report } from './report.ts';

/** The largest saved plan that is read back. */
export const maxPlanBytes = 256 * 1024 ** 2;

/** Sleeps until a person has answered, the question has expired, or a newer run wants the infrastructure. */
export async function waitForAnswer(
  { context, environment }: Task,
  slice: InfrastructureSlice,
): Promise<Result<'iac'>> {
  const { question } = slice;
  if (!question) throw new TypeError('A plan waits for an answer to no question');
  const held = await readEnvironment(context, context.run.repository, environment);
  // A newer run has come meanwhile: asked for again, the lock is refused.
  if (beginApply(held.state, askerOf(context)) === null) return { kind: 'again' };
  return {
    kind: 'park',
    reason: 'plan_approval',
    message: renderQuestion(environment, slice),
    delayMs: Math.max(1, Date.parse(question.until) - context.clock.now().getTime()),
    answerKey: answerKey(context.job.unit ?? '', question),
    slice: { [environment]: slice },
    target: environmentWrite(held, held.state),
  };
}

interface Asked {
  slice: InfrastructureSlice;
  question: PlanQuestion;
}

/** Does what a person has said to the plan that waits. */
export async function answerPlan(task: Task, { slice, question }: Asked): Promise<Result<'iac'>> {
  const { context, ports } = task;
  const { notes } = ports;
  const answer = await findAnswer(context, question);
  if (answer === null && context.now.getTime() < Date.parse(question.until)) return waitForAnswer(task, slice);
  if (answer === null) {
    const message = `Nobody answered until ${question.until}`;
    return report(context, { status: 'timed_out', reason: 'approval_expired', message, slice, notes });
  }
  if (answer.says === 'abort') {
    const message = `${answer.actor} rejected the plan`;
    return report(context, {
      status: 'failure',
      reason: 'rejected',
      message,
      slice,
      notes,
      causes: [answer.eventId],
    });
  }
  return applyApproved(task, slice, { question, answer });
}

// The bytes come from the store under their digest: what is applied is what was approved, or nothing.
async function applyApproved(
  task: Task,
  slice: InfrastructureSlice,
  { question, answer }: { question: PlanQuestion; answer: PersonAnswer },
): Promise<Result<'iac'>> {
  const { context, tool, ports } = task;
  const facts = { actor: answer.actor, digest: question.digest, planDigest: slice.planDigest };
  const decided = [{ what: 'infrastructure plan approved', reason: 'ordered', facts }];
  const plan = await context.artifacts.read(slice.planDigest ?? '', maxPlanBytes);
  return inWorkspace(task, async (work) => {
    try {
      const planFile = await tool.restore(plan, work);
      return await applyPlan(task, { slice, work, planFile, decided, causes: [answer.eventId] });
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.retriable) throw error;
      const { message } = error;
      return report(context, { status: 'failure', reason: 'plan_not_restored', message, slice, notes: ports.notes });
    }
  });
}

import { OrchestraError, type InfrastructureSlice, type PlanQuestion } from '@orchestra/contracts';
import type { PersonAnswer, Result } from '@orchestra/runtime';
import { applyPlan } from './apply-plan.ts';
import { inWorkspace, type Task } from './gather-work.ts';
import { parkForAnswer } from './park-for-answer.ts';
import { findAnswer } from './question.ts';
import { report } from './report.ts';

/** The largest saved plan that is read back. */
export const maxPlanBytes = 256 * 1024 ** 2;

/** Waits for the answer to a plan. */
export function waitForAnswer({ context }: Task, slice: InfrastructureSlice): Promise<Result<'iac'>> {
  return parkForAnswer(context, { asking: slice, shown: slice });
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

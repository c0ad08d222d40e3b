import { OrchestraError, usualInfrastructureRules, type PlanQuestion, type RemovalSlice } from '@orchestra/contracts';
import type { PersonAnswer, Result } from '@orchestra/runtime';
import { maxPlanBytes } from './answer-plan.ts';
import { applyRemoval } from './apply-removal.ts';
import { decideApply } from './decide.ts';
import { endGone, endRemoval, withRemoval } from './end-removal.ts';
import { inWorkspace, type Task } from './gather-work.ts';
import { parkForAnswer } from './park-for-answer.ts';
import { planUnwished, sliceOf, unplanned } from './plan-and-decide.ts';
import type { Planned } from './ports.ts';
import { askAbout, findAnswer } from './question.ts';

/** Plans to destroy all of it, and asks a person. What the policy denies is refused, as in every plan. */
export async function planRemoval(task: Task): Promise<Result<'iac'>> {
  const { context, ports, tool } = task;
  const { notes } = ports;
  return inWorkspace(task, async (work) => {
    const planned = await planUnwished(tool, { ...work, destroysAll: true }, context);
    if (planned instanceof OrchestraError) {
      const { reason, message = null } = unplanned(planned);
      return endRemoval(context, { reason, message, removal: null, notes });
    }
    const stored = await context.artifacts.put(await ports.readPlan(work.workspace, planned.planFile));
    return follow(task, planned, stored.digest);
  });
}

async function follow(task: Task, planned: Planned, planDigest: string): Promise<Result<'iac'>> {
  const { context, ports, infrastructure } = task;
  const { notes } = ports;
  const rules = infrastructure.rules ?? usualInfrastructureRules;
  const { outputs: _outputs, ...plan } = sliceOf(task, planned, planDigest);
  const removal: RemovalSlice = { ...plan, jobId: context.job.jobId, ended: null };
  const decision = decideApply({ plan: planned, rules });
  const decided = [{ what: 'infrastructure removal judged', reason: decision.reason, facts: plan }];
  if (decision.kind === 'pass') {
    const nothing: RemovalSlice = { ...removal, phase: 'applied' };
    return endGone(context, { reason: 'nothing_to_destroy', removal: nothing, notes, decided });
  }
  if (decision.kind === 'refuse') return endRemoval(context, { ...decision, removal, notes, decided });
  for (const line of removal.changes ?? []) await context.output(`${line}\n`);
  const question = askAbout({ planDigest, commit: context.run.commit }, rules, context.now);
  await context.note({}, decided);
  return waitForWord(task, { ...removal, phase: 'waiting', question });
}

function waitForWord({ context }: Task, removal: RemovalSlice): Promise<Result<'iac'>> {
  return parkForAnswer(context, { asking: removal, shown: withRemoval(context, removal) });
}

interface Asked {
  removal: RemovalSlice;
  question: PlanQuestion;
}

/** Does what a person has said to the removal that waits. */
export async function answerRemoval(task: Task, { removal, question }: Asked): Promise<Result<'iac'>> {
  const { context, ports } = task;
  const { notes } = ports;
  const answer = await findAnswer(context, question);
  if (answer === null && context.now.getTime() < Date.parse(question.until)) return waitForWord(task, removal);
  if (answer === null) {
    const message = `Nobody answered until ${question.until}`;
    return endRemoval(context, { reason: 'approval_expired', message, removal, notes });
  }
  if (answer.says === 'abort') {
    const message = `${answer.actor} rejected the plan`;
    return endRemoval(context, { reason: 'rejected', message, removal, notes });
  }
  return applyApproved(task, { removal, question }, answer);
}

async function applyApproved(task: Task, asked: Asked, { actor }: PersonAnswer): Promise<Result<'iac'>> {
  const { context, tool, ports } = task;
  const { removal, question } = asked;
  const facts = { actor, digest: question.digest, planDigest: removal.planDigest };
  const decided = [{ what: 'infrastructure removal approved', reason: 'ordered', facts }];
  const plan = await context.artifacts.read(removal.planDigest ?? '', maxPlanBytes);
  return inWorkspace(task, async (work) => {
    try {
      const planFile = await tool.restore(plan, work);
      return await applyRemoval(task, { removal, work, planFile, decided });
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.retriable) throw error;
      const { message } = error;
      return endRemoval(context, { reason: 'plan_not_restored', message, removal, notes: ports.notes });
    }
  });
}

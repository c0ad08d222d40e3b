import { OrchestraError, type InfrastructureRules, type InfrastructureSlice } from '@orchestra/contracts';
import { concludeWishes, whileUnwished, type Result } from '@orchestra/runtime';
import { applyPlan, endApplied } from './apply-plan.ts';
import { decideApply, type Decision } from './decide.ts';
import { inWorkspace, type Context, type Task } from './gather-work.ts';
import { waitForAnswer } from './answer-plan.ts';
import type { InfrastructureTool, Planned, Work } from './ports.ts';
import { askAbout } from './question.ts';
import { propose } from './propose/propose.ts';
import { renderChanges } from './render-plan.ts';
import { report, type Report } from './report.ts';

/** Plans, and does with the plan what its policy says. */
export async function planAndDecide(task: Task, rules: InfrastructureRules): Promise<Result<'iac'>> {
  const { context, ports, tool } = task;
  const { notes } = ports;
  return inWorkspace(task, async (work) => {
    const planned = await planUnwished(tool, work, context);
    const wished = concludeWishes(context.wishes().map(({ wish }) => wish));
    if (wished !== null) return report(context, { ...wished, notes });
    if (planned instanceof OrchestraError) {
      const proposed = await propose(task, work);
      return report(context, { ...unplanned(planned), proposed, notes });
    }

    const stored = await context.artifacts.put(await ports.readPlan(work.workspace, planned.planFile));
    const slice = sliceOf(task, planned, stored.digest);
    for (const line of slice.changes ?? []) await context.output(`${line}\n`);
    const decision = decideApply({ plan: planned, rules });
    return follow({ ...task, rules, work, planned }, { slice, decision });
  });
}

interface Following extends Task {
  rules: InfrastructureRules;
  work: Work;
  planned: Planned;
}

interface Judged {
  slice: InfrastructureSlice;
  decision: Decision;
}

async function follow(task: Following, { slice, decision }: Judged): Promise<Result<'iac'>> {
  const { context, ports, work, planned } = task;
  const decided = [{ what: 'infrastructure plan judged', reason: decision.reason, facts: slice }];
  switch (decision.kind) {
    case 'refuse':
      return report(context, { ...decision, status: 'failure', slice, decided, notes: ports.notes });
    case 'pass':
      return endApplied(task, { slice, reason: decision.reason, decided });
    case 'ask':
      await context.note({}, decided);
      return waitForAnswer(task, withQuestion(task, slice));
    case 'apply':
      return applyPlan(task, { slice, work, planFile: planned.planFile, decided });
  }
}

function withQuestion({ context, rules }: Following, slice: InfrastructureSlice): InfrastructureSlice {
  const content = { planDigest: slice.planDigest ?? '', commit: context.run.commit };
  return { ...slice, phase: 'waiting', question: askAbout(content, rules, context.now) };
}

/** Plans, or says why there is no plan. Planning changes nothing, so it stops at a wish. */
export async function planUnwished(
  tool: InfrastructureTool,
  work: Work,
  context: Context,
): Promise<Planned | OrchestraError> {
  try {
    return await whileUnwished(context, (signal) => tool.plan({ ...work, signal }));
  } catch (error) {
    const isTheirs = error instanceof OrchestraError && !error.retriable && planFailures.has(error.code);
    if (isTheirs || (error instanceof OrchestraError && context.wishes().length > 0)) return error;
    throw error;
  }
}

const planFailures = new Set<string>([
  'INFRASTRUCTURE_TOOL_FAILED',
  'INFRASTRUCTURE_CUT',
  'COMMAND_TIMED_OUT',
  'PATH_OUTSIDE',
  'NOT_FOUND',
]);

/** How a unit ends whose plan could not be made. */
export function unplanned({ code, message }: OrchestraError): Report {
  if (code === 'COMMAND_TIMED_OUT') return { status: 'timed_out', reason: 'plan_time_limit', message };
  return { status: 'failure', reason: 'plan_failed', message };
}

/** What people see of a plan. */
export function sliceOf({ tool, context }: Task, planned: Planned, planDigest: string): InfrastructureSlice {
  const { toAdd, toChange, toDestroy, destroys, replaces, changes } = planned;
  const counts = { toAdd, toChange, toDestroy, destroys, replaces, changes: renderChanges(changes) };
  const { generation } = context.job;
  return { tool: tool.program, phase: 'planned', generation, planDigest, ...counts, outputs: {} };
}

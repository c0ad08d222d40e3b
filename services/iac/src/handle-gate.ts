import {
  usualInfrastructureRules,
  type EnvironmentInfrastructure,
  type InfrastructurePlan,
  type InfrastructureSlice,
} from '@orchestra/contracts';
import { concludeWishes, type Result } from '@orchestra/runtime';
import { afterCut } from './after-cut.ts';
import { answerPlan } from './answer-plan.ts';
import { endApplied } from './apply-plan.ts';
import { askForLock, waitForLock } from './ask-for-lock.ts';
import { ownSlice } from './decide.ts';
import { environmentOf } from './environment.ts';
import type { Context, Task } from './gather-work.ts';
import { planAndDecide } from './plan-and-decide.ts';
import type { Ports } from './ports.ts';
import { report } from './report.ts';
import { takeAsHappened } from './take-as-happened.ts';

/** The checks have passed: plan, decide, ask a person where one has to agree, and apply exactly what was planned. */
export async function handleGate(context: Context, ports: Ports): Promise<Result<'iac'>> {
  const environment = environmentOf(context);
  const { infrastructure } = await context.plan();
  const slice = ownSlice(context.run.slices.iac[environment], context.job.generation);
  // What was begun before a crash comes before what people wish.
  if (infrastructure !== null && isBegun(slice)) return goOn({ context, ports, infrastructure, environment }, slice);
  const wished = concludeWishes(context.wishes().map(({ wish }) => wish));
  if (wished !== null) return report(context, wished);
  if (infrastructure === null) {
    return report(context, { status: 'not_needed', reason: 'no_infrastructure', message: 'No infrastructure section' });
  }
  const tool = await ports.findTool(infrastructure.tool);
  if (tool === null) return report(context, notInstalled(infrastructure));
  return underLock({ context, ports, tool, infrastructure, environment });
}

function isBegun(slice: InfrastructureSlice | null): slice is InfrastructureSlice {
  return slice !== null && (slice.phase === 'applying' || slice.phase === 'applied');
}

async function goOn(begun: Omit<Task, 'tool'>, slice: InfrastructureSlice): Promise<Result<'iac'>> {
  if (slice.phase === 'applied') return endApplied(begun, { slice, reason: 'applied' });
  const tool = await begun.ports.findTool(begun.infrastructure.tool);
  return afterCut({ ...begun, tool }, { slice, message: 'The worker died while it applied the plan' });
}

function notInstalled({ tool }: InfrastructurePlan) {
  const installed = `${tool === 'auto' ? 'Neither tofu nor terraform' : tool} is installed here`;
  const connected = 'CloudFormation needs AWS_REGION and credentials, by the setting IAC_PASS_ENV';
  const message = tool === 'cloudformation' ? connected : installed;
  return { status: 'error', reason: 'tool_not_installed', message } as const;
}

async function underLock(task: Task): Promise<Result<'iac'>> {
  const { context } = task;
  const asked = await askForLock(context);
  if (asked.kind === 'again') return asked;
  if (asked.kind === 'refused') {
    const message = 'A newer run has taken the infrastructure of this environment';
    return report(context, { status: 'cancelled', reason: asked.reason, message });
  }
  return asked.kind === 'waits' ? waitForLock(asked) : workUnderLock(task, asked.state);
}

async function workUnderLock(task: Task, { resolved }: EnvironmentInfrastructure): Promise<Result<'iac'>> {
  const { context, infrastructure, environment } = task;
  const isResolved = resolved?.runId === context.run.runId && resolved.afterGeneration < context.job.generation;
  if (isResolved && resolved.resolution === 'happened') return takeAsHappened(task, resolved.actor);
  const slice = ownSlice(context.run.slices.iac[environment], context.job.generation);
  if (slice?.phase === 'waiting' && slice.question) return answerPlan(task, { slice, question: slice.question });
  return planAndDecide(task, infrastructure.rules ?? usualInfrastructureRules);
}

import { unitNames, type RemovalSlice } from '@orchestra/contracts';
import type { Conclusion, Ended, Result } from '@orchestra/runtime';
import { z } from 'zod';
import { afterCutRemoval } from './apply-removal.ts';
import { askForLock, waitForLock } from './ask-for-lock.ts';
import { endGone, endRemoval } from './end-removal.ts';
import { environmentOf } from './environment.ts';
import { findRollouts, waitForRollouts } from './find-rollouts.ts';
import type { Context, Task } from './gather-work.ts';
import { answerRemoval, planRemoval } from './plan-removal.ts';
import type { Ports } from './ports.ts';

const removalPayload = z.object({ environment: z.string() });

/**
 * Destroys the infrastructure of an environment, once a person has agreed to the plan: under the lock that runs have, and
 * while nobody releases there. It moves no unit: the run that it is of has ended its own.
 */
export async function removeInfrastructure(payload: unknown, given: Context, ports: Ports): Promise<Result<'iac'>> {
  const context = forUnit(given, payload);
  const environment = environmentOf(context);
  const removal = ownRemoval(context);
  const { notes } = ports;
  if (removal?.phase === 'applied') return endGone(context, { reason: 'destroyed', removal, notes });
  const { infrastructure } = await context.plan();
  if (infrastructure === null) return endRemoval(context, { reason: 'no_infrastructure', removal, notes });
  const tool = await ports.findTool(infrastructure.tool);
  const task = { context, ports, infrastructure, environment };
  if (removal?.phase === 'applying') {
    return afterCutRemoval({ ...task, tool }, { removal, message: 'The worker died while it destroyed' });
  }
  if (tool === null) return endRemoval(context, { reason: 'tool_not_installed', removal, notes });
  return underLock({ ...task, tool }, removal);
}

async function underLock(task: Task, removal: RemovalSlice | null): Promise<Result<'iac'>> {
  const { context, ports } = task;
  const { notes } = ports;
  const asked = await askForLock(context);
  if (asked.kind === 'again') return asked;
  if (asked.kind === 'refused') {
    const message = 'A newer run has taken the infrastructure of this environment';
    return endRemoval(context, { reason: asked.reason, message, removal, notes });
  }
  if (asked.kind === 'waits') return waitForLock(asked);
  if (asked.state.gone) return endRemoval(context, { reason: 'already_gone', removal, notes });
  const rollouts = await findRollouts(context);
  if (rollouts.length > 0) return waitForRollouts(rollouts);
  return removal?.question ? answerRemoval(task, { removal, question: removal.question }) : planRemoval(task);
}

/** The end of a removal that could not do its work. One that died while it destroyed never ends as if it had not begun. */
export async function concludeRemoval(
  { reason, message }: Conclusion,
  { payload, given, ports }: { payload: unknown; given: Context; ports: Ports },
): Promise<Ended<'iac'>> {
  const context = forUnit(given, payload);
  const removal = ownRemoval(context);
  const { infrastructure } = await context.plan();
  if (removal?.phase !== 'applying' || infrastructure === null) {
    return endRemoval(context, { reason, message, removal, notes: ports.notes });
  }
  const tool = await ports.findTool(infrastructure.tool);
  const environment = environmentOf(context);
  return afterCutRemoval({ context, ports, infrastructure, environment, tool }, { removal, message });
}

// The job has no unit that it could move; what it works at, and where its output stands, is that of the environment.
function forUnit(context: Context, payload: unknown): Context {
  const { environment } = removalPayload.parse(payload);
  const unit = unitNames.iac(environment);
  const { runId } = context.run;
  const { generation } = context.job;
  const output = (text: string) => context.logs.append({ runId, unit, generation }, text);
  return { ...context, job: { ...context.job, unit }, output };
}

function ownRemoval(context: Context): RemovalSlice | null {
  const removal = context.run.slices.iac[environmentOf(context)]?.removal;
  return removal !== undefined && removal.jobId === context.job.jobId && removal.ended === null ? removal : null;
}

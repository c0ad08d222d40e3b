import { OrchestraError, type RemovalSlice } from '@orchestra/contracts';
import type { Decided, Ended, Result } from '@orchestra/runtime';
import { blockCut, type CutTask } from './block-cut.ts';
import { endGone, endRemoval, withRemoval } from './end-removal.ts';
import { askerOf, changeEnvironment } from './environment.ts';
import { findRollouts, waitForRollouts } from './find-rollouts.ts';
import type { Context, Task } from './gather-work.ts';
import { beginApply, isSame } from './lock.ts';
import type { Work } from './ports.ts';

interface Applying {
  removal: RemovalSlice;
  work: Work;
  planFile: string;
  decided: readonly Decided[];
}

/** Destroys exactly what was approved, unless a newer run or a rollout has come meanwhile. */
export async function applyRemoval(task: Task, { removal, work, planFile, decided }: Applying): Promise<Result<'iac'>> {
  const { context, tool, infrastructure, environment } = task;
  const { notes } = task.ports;
  const begun = await changeEnvironment(context, (state) => {
    const next = beginApply(state, askerOf(context));
    return next?.holder ? { next: { ...next, holder: { ...next.holder, destroys: true } } } : null;
  });
  if (begun === null) return { kind: 'again' };
  // The mark stands first: a rollout that takes its lane now looks at it, and one that took it before is found here.
  const rollouts = await findRollouts(context);
  if (rollouts.length > 0) return giveWay(context, rollouts);

  const applying: RemovalSlice = { ...removal, phase: 'applying', question: null };
  await context.note({ [environment]: withRemoval(context, applying) }, decided);
  try {
    await tool.apply(planFile, { ...work, timeoutMs: infrastructure.applyTimeoutMs });
    const applied: RemovalSlice = { ...applying, phase: 'applied' };
    await context.note({ [environment]: withRemoval(context, applied) });
    return await endGone(context, { reason: 'destroyed', removal: applied, notes });
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    const { message } = error;
    if (error.code !== 'INFRASTRUCTURE_TOOL_FAILED') return afterCutRemoval(task, { removal: applying, message });
    return endRemoval(context, { reason: 'apply_failed', message, removal: { ...removal, question: null }, notes });
  }
}

async function giveWay(context: Context, rollouts: readonly string[]): Promise<Result<'iac'>> {
  await changeEnvironment(context, (state) => {
    const { holder } = state;
    if (holder === null || !isSame(holder, askerOf(context))) return null;
    return { next: { ...state, holder: { ...holder, isApplying: false, destroys: false } } };
  });
  return waitForRollouts(rollouts);
}

/** The end after a removal that was cut. Nothing is destroyed again by itself. */
export async function afterCutRemoval(
  task: CutTask,
  { removal, message }: { removal: RemovalSlice; message: string },
): Promise<Ended<'iac'>> {
  const { drift: _drift, ...told } = await blockCut(task, { message, destroys: true });
  return endRemoval(task.context, { reason: 'apply_interrupted', ...told, removal, notes: task.ports.notes });
}

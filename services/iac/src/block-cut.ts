import type { InfrastructureDrift } from '@orchestra/contracts';
import type { Decided } from '@orchestra/runtime';
import { askerOf, changeEnvironment } from './environment.ts';
import type { Task } from './gather-work.ts';
import { leaveLock } from './lock.ts';
import { probe, renderLook } from './probe.ts';
import type { InfrastructureTool } from './ports.ts';

/** What is at hand after a cut; null: the tool is not here any more. */
export type CutTask = Omit<Task, 'tool'> & { tool: InfrastructureTool | null };

interface Cut {
  /** How it was cut. */
  message: string;
  /** Whether it was destroying everything. */
  destroys: boolean;
}

/** What people are told of a cut, and what the look at the world has found. */
export interface Blocked {
  message: string;
  drift: InfrastructureDrift;
  decided: readonly Decided[];
}

/**
 * Looks at the world after a cut without changing it, and blocks the environment: nothing is applied or destroyed again by
 * itself, a person says what became of it.
 */
export async function blockCut(task: CutTask, { message: how, destroys }: Cut): Promise<Blocked> {
  const { context } = task;
  const drift = await look(task);
  const message = `${how}. ${renderLook(drift)}`;
  const { runId, generation } = askerOf(context);
  const blocked = { runId, generation, at: context.now.toISOString(), message, ...(destroys ? { destroys } : {}) };
  await changeEnvironment(context, (state) => {
    const { next, wake } = leaveLock(state, askerOf(context));
    return { next: { ...next, blocked }, wake };
  });
  return { message, drift, decided: [{ what: 'infrastructure probed', reason: drift.found, facts: drift }] };
}

async function look(task: CutTask): Promise<InfrastructureDrift> {
  const { tool, context } = task;
  const at = context.now.toISOString();
  if (tool === null || context.signal.aborted) {
    return { at, found: 'not_judged', drifted: [], message: 'Nobody could look at it' };
  }
  return probe({ ...task, tool }, at);
}

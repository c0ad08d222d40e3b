import { OrchestraError, type InfrastructureDrift, type InfrastructureSlice } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { askerOf, changeEnvironment } from './environment.ts';
import { inWorkspace, type Task } from './gather-work.ts';
import { leaveLock } from './lock.ts';
import type { InfrastructureTool } from './ports.ts';
import { report } from './report.ts';

interface Cut {
  slice: InfrastructureSlice;
  /** How it was cut. */
  message: string;
}

export type CutTask = Omit<Task, 'tool'> & { tool: InfrastructureTool | null };

/**
 * The end after an apply that was cut: looks at the world without changing it, blocks the environment, and leaves the rest
 * to a person. Nothing is applied again by itself.
 */
export async function afterCut(task: CutTask, { slice, message }: Cut): Promise<Ended<'iac'>> {
  const { context, ports } = task;
  const drift = await look(task);
  const told = `${message}. ${renderLook(drift)}`;
  const { runId, generation } = askerOf(context);
  const at = context.now.toISOString();
  await changeEnvironment(context, (state) => {
    const { next, wake } = leaveLock(state, askerOf(context));
    return { next: { ...next, blocked: { runId, generation, at, message: told } }, wake };
  });
  return report(context, {
    status: 'unknown',
    reason: 'apply_interrupted',
    message: told,
    slice: { ...slice, phase: 'applying', drift },
    decided: [{ what: 'infrastructure probed', reason: drift.found, facts: drift }],
    notes: ports.notes,
  });
}

/** What became of the world, as far as it can be looked at. */
export async function look(task: CutTask): Promise<InfrastructureDrift> {
  const { tool, context } = task;
  const at = context.now.toISOString();
  if (tool === null || context.signal.aborted) {
    return { at, found: 'not_judged', drifted: [], message: 'Nobody could look at it' };
  }
  return probe({ ...task, tool }, at);
}

/** Compares what is recorded with the world. What keeps it from doing so is a part of the answer. */
export async function probe(task: Task, at: string): Promise<InfrastructureDrift> {
  try {
    const { drifted } = await inWorkspace(task, (work) => task.tool.probe(work));
    return { at, found: drifted.length === 0 ? 'none' : 'drifted', drifted: [...drifted], message: null };
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    return { at, found: 'not_judged', drifted: [], message: error.message };
  }
}

/** What a look has found, in a sentence. */
export function renderLook({ found, drifted, message }: InfrastructureDrift): string {
  switch (found) {
    case 'none':
      return 'What it had recorded until then is in the world as recorded; what it had not recorded, nobody can see';
    case 'drifted':
      return `Not as recorded: ${drifted.join(', ')}`;
    case 'not_judged':
      return `The world could not be compared: ${message ?? ''}`;
  }
}

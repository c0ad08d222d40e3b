import { OrchestraError } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { endApplied } from './apply-plan.ts';
import { inWorkspace, type Task } from './gather-work.ts';
import { withOutputs } from './record-outputs.ts';
import { report } from './report.ts';

/** A person has seen that the apply that was cut did all of its work: its outputs are read, and nothing is applied. */
export async function takeAsHappened(task: Task, actor: string): Promise<Ended<'iac'>> {
  const { context, ports, tool, environment } = task;
  const cut = context.run.slices.iac[environment];
  try {
    const outputs = await inWorkspace(task, (work) => tool.readOutputs(work));
    const counts = cut ?? { planDigest: null, toAdd: 0, toChange: 0, toDestroy: 0, destroys: [] };
    const { generation } = context.job;
    const taken = { ...counts, tool: tool.program, phase: 'applied', generation, outputs: {}, drift: null } as const;
    const slice = withOutputs(taken, outputs);
    await context.note({ [environment]: slice });
    const message = `${actor} has seen that it was applied`;
    return await endApplied(task, { slice, reason: 'resolved_happened', message });
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.retriable) throw error;
    const { message } = error;
    return report(context, { status: 'failure', reason: 'outputs_not_read', message, notes: ports.notes });
  }
}

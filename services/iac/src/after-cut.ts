import type { InfrastructureSlice } from '@orchestra/contracts';
import type { Ended } from '@orchestra/runtime';
import { blockCut, type CutTask } from './block-cut.ts';
import { report } from './report.ts';

interface Cut {
  slice: InfrastructureSlice;
  /** How it was cut. */
  message: string;
}

/** The end after an apply that was cut. Nothing is applied again by itself. */
export async function afterCut(task: CutTask, { slice, message }: Cut): Promise<Ended<'iac'>> {
  const { drift, ...told } = await blockCut(task, { message, destroys: false });
  return report(task.context, {
    status: 'unknown',
    reason: 'apply_interrupted',
    ...told,
    slice: { ...slice, phase: 'applying', drift },
    notes: task.ports.notes,
  });
}

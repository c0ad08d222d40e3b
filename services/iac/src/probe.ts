import { OrchestraError, type InfrastructureDrift } from '@orchestra/contracts';
import { inWorkspace, type Task } from './gather-work.ts';

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

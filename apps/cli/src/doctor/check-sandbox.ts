import { createSandbox } from '@orchestra/adapters/sandbox';
import { ok, type Check, type Surroundings } from './check.ts';

const settings = [
  {
    name: 'sandbox of steps',
    setting: 'SANDBOX',
    runs: 'code of repositories',
    refuses: '`orchestra up` refuses to start',
  },
  {
    name: 'sandbox of releases',
    setting: 'LOCAL_TARGET_SANDBOX',
    runs: 'releases',
    refuses: 'no release can be started',
  },
] as const;

/** Whether bubblewrap starts here, as steps and releases would start it. Required unless the setting of each allows none. */
export async function checkSandboxes(environment: Surroundings['environment']): Promise<Check[]> {
  const problem = findProblem(environment['PATH'] ?? '');
  return settings.map(({ name, setting, runs, refuses }) => {
    const mode = environment[setting] ?? 'bubblewrap';
    const required = mode === 'bubblewrap';
    if (problem === null) {
      return ok(
        name,
        required,
        `bubblewrap works${mode === 'process' ? `, but ${setting}=process does without it` : ''}`,
      );
    }
    const means = required ? refuses : `with ${setting}=${mode} ${runs} run unsandboxed, and every run says so`;
    return { name, state: 'broken', required, seen: problem, means };
  });
}

function findProblem(path: string): string | null {
  try {
    createSandbox({ mode: 'bubblewrap', path });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import { createSandbox } from '@orchestra/adapters/sandbox';
import { ok, type Check, type Surroundings } from './check.ts';

/** Whether bubblewrap starts here, as every step of a repository would start it. Required unless SANDBOX allows none. */
export async function checkSandbox(environment: Surroundings['environment']): Promise<Check> {
  const mode = environment['SANDBOX'] ?? 'bubblewrap';
  const required = mode === 'bubblewrap';
  try {
    createSandbox({ mode: 'bubblewrap', path: environment['PATH'] ?? '' });
    const unused = mode === 'process' ? ', but SANDBOX=process does without it' : '';
    return ok('sandbox', required, `bubblewrap works${unused}`);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    const means = required
      ? '`orchestra up` refuses to start'
      : `with SANDBOX=${mode} code of repositories runs unsandboxed, and every run says so`;
    return { name: 'sandbox', state: 'broken', required, seen, means };
  }
}

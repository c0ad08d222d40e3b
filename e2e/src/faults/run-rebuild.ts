import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rebuilt } from '@orchestra/runtime';

const run = promisify(execFile);
const launcher = join(import.meta.dirname, '../../../apps/cli/bin/orchestra.js');

/** Runs `orchestra rebuild` as a person would. Rejects with what it said when it is refused. */
export async function runRebuild(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Rebuilt> {
  const { stdout } = await run(process.execPath, [launcher, 'rebuild', '--json', ...args], { env: environment }).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(error.stdout ?? error.message, { cause: error });
    },
  );
  const rebuilt: Rebuilt = JSON.parse(stdout);
  return rebuilt;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rebuilt, Replayed } from '@orchestra/runtime';

type Environment = Readonly<Record<string, string | undefined>>;

const run = promisify(execFile);
const launcher = join(import.meta.dirname, '../../../apps/cli/bin/orchestra.js');

/** Runs `orchestra rebuild` as a person would. Rejects with what it said when it is refused. */
export async function runRebuild(args: readonly string[], environment: Environment): Promise<Rebuilt> {
  const rebuilt: Rebuilt = JSON.parse(await runOrchestra(['rebuild', '--json', ...args], environment));
  return rebuilt;
}

/** Runs `orchestra replay` as a person would. Rejects with what it said when an answer differs. */
export async function runReplay(args: readonly string[], environment: Environment): Promise<Replayed[]> {
  const said = await runOrchestra(['replay', '--dry-run', '--json', ...args], environment);
  const { replayed }: { replayed: Replayed[] } = JSON.parse(said);
  return replayed;
}

async function runOrchestra(args: readonly string[], environment: Environment): Promise<string> {
  const options = { env: environment, maxBuffer: 64 * 1024 ** 2 };
  const { stdout } = await run(process.execPath, [launcher, ...args], options).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(error.stdout ?? error.message, { cause: error });
    },
  );
  return stdout;
}

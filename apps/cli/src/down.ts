import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OrchestraError } from '@orchestra/contracts';
import type { Command } from 'commander';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';

interface Options {
  data: string;
  json?: boolean;
}

/** `orchestra down`: ends the releases of a data folder, which outlive the platform. */
export function addDown(program: Command, console: Console): void {
  program
    .command('down')
    .description('end the releases of a data folder, and the supervisor that keeps them')
    .option('--data <folder>', 'the data folder', '.orchestra')
    .option('--json', 'print JSON')
    .action(async ({ data, json }: Options) => {
      const folder = resolve(data);
      await refuseWhileRunning(folder, data);
      const target = console.environment['LOCAL_TARGET_DIR'] ?? join(folder, 'target');
      const known = await exists(join(target, 'control.json'));
      if (known) await shutDown(target, console.environment['PATH'] ?? '');
      if (json === true) console.print(`${JSON.stringify({ target, ended: known })}\n`);
      console.say(known ? `The releases of ${data} have ended.` : `${data} has no releases.`);
      console.finish(exitCodes.success);
    });
}

async function shutDown(folder: string, path: string): Promise<void> {
  const { createLocalTarget } = await import('@orchestra/adapters/local-target');
  await createLocalTarget({ folder, mode: 'auto', path }).shutdown();
}

// A running platform would bring the supervisor back at once.
async function refuseWhileRunning(folder: string, name: string): Promise<void> {
  if (!(await exists(folder))) throw new OrchestraError('NOT_FOUND', `There is no data folder ${name}`);
  const { findAddress, isRunning } = await import('./up/address.ts');
  const address = await findAddress(folder);
  if (address === null || !isRunning(address)) return;
  throw new OrchestraError(
    'STORE_OWNED',
    `The platform runs on ${name} (process ${address.pid}): end it first, with Ctrl-C or SIGTERM`,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

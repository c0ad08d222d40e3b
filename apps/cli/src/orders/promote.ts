import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  note?: string;
}

/** `orchestra promote`: brings what a run has built to an environment, without building it again. */
export function addPromote(program: Command, console: Console): void {
  const command = program
    .command('promote')
    .description('bring what a run has built to an environment, also again, and also where a newer run serves')
    .argument('<run>', 'id of a run, or owner/name#number')
    .argument('<environment>', 'such as production')
    .option('--note <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (run: string, environment: string, options: Options) => {
    const { note, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>(runPath(run, '/promote'), { environment, reason: note });
    printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
  });
}

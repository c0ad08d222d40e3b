import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  force?: boolean;
  reason?: string;
}

/** `orchestra retry`: makes a unit and all behind it anew. */
export function addRetry(program: Command, console: Console): void {
  const command = program
    .command('retry')
    .description('make a unit and all behind it anew, with the inputs that it had')
    .argument('<run>', 'id of a run, or owner/name#number')
    .argument('[unit]', 'a unit, such as test; absent: the first that went wrong')
    .option('--force', 'also a unit that passed')
    .option('--reason <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (run: string, unit: string | undefined, options: Options) => {
    const { force = false, reason, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>(runPath(run, '/retry'), { unit, force, reason });
    printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
  });
}

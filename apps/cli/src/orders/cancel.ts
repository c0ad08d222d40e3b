import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  reason?: string;
}

/** `orchestra cancel`: stops a run. */
export function addCancel(program: Command, console: Console): void {
  const command = program
    .command('cancel')
    .description('stop a run; what it released before stays')
    .argument('<run>', 'id of a run, or owner/name#number')
    .option('--reason <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (run: string, { reason, json = false, data }: Options) => {
    const api = await openClient({ data }, console);
    const ordered = await api.order<Ordered>(runPath(run, '/cancel'), { reason });
    printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
  });
}

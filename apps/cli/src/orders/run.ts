import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  note?: string;
}

/** `orchestra run`: begins another run of the commit of a run. */
export function addRun(program: Command, console: Console): void {
  const command = program
    .command('run')
    .description('begin another run of the same commit')
    .argument('<run>', 'id of a run, or owner/name#number')
    .option('--note <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (run: string, options: Options) => {
    const { note, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>(runPath(run, '/run'), { reason: note });
    printOrder({ ordered, json, look: 'orchestra runs' }, console);
  });
}

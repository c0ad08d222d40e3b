import { InvalidArgumentError, type Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  seconds: number;
  unit?: string;
  reason?: string;
}

/** `orchestra extend-watch`: a release that serves is watched for longer. */
export function addExtendWatch(program: Command, console: Console): void {
  const command = program
    .command('extend-watch')
    .description('watch a release that serves for longer than the pipeline file says')
    .argument('<run>', 'id of a run, or owner/name#number')
    .requiredOption('--seconds <count>', 'by how much, at most a week', parseSeconds)
    .option('--unit <name>', 'such as observe/production/shop; absent: the only watch that goes on')
    .option('--reason <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (run: string, options: Options) => {
    const { seconds, unit, reason, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>(runPath(run, '/extend-watch'), { seconds, unit, reason });
    printOrder({ ordered, json, look: `orchestra show '${run}'` }, console);
  });
}

function parseSeconds(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 604_800) return count;
  throw new InvalidArgumentError('Write a whole number from 1 to 604800.');
}

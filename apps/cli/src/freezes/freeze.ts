import { InvalidArgumentError, type Command } from 'commander';
import type { Console } from '../console.ts';
import { printOrder, type Ordered } from '../orders/print-order.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';

interface Options extends PlatformOptions {
  note: string;
  until?: string;
  repository?: string;
}

/** `orchestra freeze`: releases to an environment wait until it is over; rollbacks never do. */
export function addFreeze(program: Command, console: Console): void {
  const command = program
    .command('freeze')
    .description('hold up releases to an environment; those under way go on, and rollbacks are never held up')
    .argument('<environment>', 'such as production')
    .requiredOption('--note <text>', 'why; shown to everybody who waits')
    .option(
      '--until <time>',
      'when it ends by itself, such as 2027-01-04T08:00Z; absent: by orchestra unfreeze',
      parseTime,
    )
    .option('--repository <owner/name>', 'only its releases; absent: those of every repository');
  addPlatformOptions(command).action(async (environment: string, options: Options) => {
    const { note, until, repository, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>('/freezes', { environment, repository, until, note });
    printOrder({ ordered, json, look: 'orchestra freezes' }, console);
  });
}

function parseTime(text: string): string {
  const moment = new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment.toISOString();
  throw new InvalidArgumentError('Write a time such as 2027-01-04T08:00Z.');
}

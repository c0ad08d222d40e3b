import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { printOrder, type Ordered } from '../orders/print-order.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';

interface Options extends PlatformOptions {
  note?: string;
  repository?: string;
}

/** `orchestra unfreeze`: whoever waits for the environment goes on. */
export function addUnfreeze(program: Command, console: Console): void {
  const command = program
    .command('unfreeze')
    .description('end a freeze; whoever waits goes on, unless something else holds it up')
    .argument('<environment>', 'such as production')
    .option('--note <text>', 'why, for the audit log')
    .option('--repository <owner/name>', 'the freeze of this one; absent: that of every repository');
  addPlatformOptions(command).action(async (environment: string, options: Options) => {
    const { note, repository, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>('/freezes/end', { environment, repository, note });
    printOrder({ ordered, json, look: 'orchestra freezes' }, console);
  });
}

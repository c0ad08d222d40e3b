import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { printOrder, type Ordered } from '../orders/print-order.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';

interface Options extends PlatformOptions {
  note: string;
}

/** `orchestra quarantine release`: a version may serve again; digest and commit come out together. */
export function addRelease(quarantine: Command, console: Console): void {
  const command = quarantine
    .command('release')
    .description('let a version out of quarantine; its digest and its commit come out together')
    .argument('<repository>', 'owner/name')
    .argument('<key>', 'the digest or the commit')
    .requiredOption('--note <text>', 'why it may serve again; kept, and shown');
  addPlatformOptions(command).action(async (repository: string, key: string, options: Options) => {
    const { note, json = false } = options;
    const api = await openClient(options, console);
    const ordered = await api.order<Ordered>('/quarantine/release', { repository, key, reason: note });
    printOrder({ ordered, json, look: `orchestra quarantine list ${repository}` }, console);
  });
}

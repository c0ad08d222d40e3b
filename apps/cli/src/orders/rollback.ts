import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  release?: string;
  reason?: string;
}

type Arguments = [repository: string, environment: string, service: string, options: Options];

/** `orchestra rollback`: brings back the last healthy release of a target. */
export function addRollback(program: Command, console: Console): void {
  const command = program
    .command('rollback')
    .description('take back what serves in a target, and bring back its last healthy release')
    .argument('<repository>', 'owner/name')
    .argument('<environment>', 'such as production')
    .argument('<service>', 'a service of the pipeline file')
    .option('--release <name>', 'the release that has to go; absent: what serves, or comes in')
    .option('--reason <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (...[repository, environment, service, options]: Arguments) => {
    const { release, reason, json = false } = options;
    const api = await openClient(options, console);
    const target = [repository, environment, service].map(encodeURIComponent).join('/');
    const ordered = await api.order<Ordered>(`/targets/${target}/rollback`, { release, reason });
    printOrder({ ordered, json, look: `orchestra runs --repository ${repository}` }, console);
  });
}

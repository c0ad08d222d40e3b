import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  reason?: string;
}

type Arguments = [repository: string, environment: string, service: string, options: Options];

/** `orchestra resolve`: a person has looked at a blocked target; deploy takes what serves there for what serves. */
export function addResolve(program: Command, console: Console): void {
  const command = program
    .command('resolve')
    .description('free a blocked target after a look at it; what serves there goes on serving')
    .argument('<repository>', 'owner/name')
    .argument('<environment>', 'such as production')
    .argument('<service>', 'a service of the pipeline file')
    .option('--reason <text>', 'what was seen, for the audit log');
  addPlatformOptions(command).action(async (...[repository, environment, service, options]: Arguments) => {
    const { reason, json = false } = options;
    const api = await openClient(options, console);
    const target = [repository, environment, service].map(encodeURIComponent).join('/');
    const ordered = await api.order<Ordered>(`/targets/${target}/resolve`, { reason });
    printOrder({ ordered, json, look: `orchestra runs --repository ${repository}` }, console);
  });
}

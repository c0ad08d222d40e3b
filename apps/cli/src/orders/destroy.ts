import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { printOrder, type Ordered } from './print-order.ts';

interface Options extends PlatformOptions {
  note?: string;
}

/** `orchestra destroy`: plans to destroy the infrastructure of an environment; a person has to approve that plan. */
export function addDestroy(program: Command, console: Console): void {
  const command = program
    .command('destroy')
    .description('plan to destroy the infrastructure of an ephemeral environment, for a person to approve')
    .argument('<repository>', 'owner/name')
    .argument('<environment>', 'one that the pipeline file marks with `ephemeral: true`')
    .option('--note <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (repository: string, environment: string, options: Options) => {
    const { note, json = false } = options;
    const api = await openClient(options, console);
    const path = `/infrastructure/${[repository, environment].map(encodeURIComponent).join('/')}/destroy`;
    const ordered = await api.order<Ordered & { runId: string }>(path, { reason: note });
    printOrder({ ordered, json, look: `orchestra show '${ordered.runId}'` }, console);
  });
}

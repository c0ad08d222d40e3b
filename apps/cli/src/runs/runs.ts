import type { Overall } from '@orchestra/contracts';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ShownRun } from '../client/api-client.ts';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderRunList } from '../render/render-run-list.ts';

interface Options extends PlatformOptions {
  repository?: string;
  branch?: string;
  status?: string;
  limit: string;
}

// Total, so that none is forgotten here.
const statuses: Readonly<Record<Overall['status'], true>> = {
  queued: true,
  running: true,
  waiting_for_person: true,
  success: true,
  rolled_back: true,
  failure: true,
  error: true,
  unknown: true,
  cancelled: true,
  superseded: true,
  timed_out: true,
};

/** `orchestra runs`: which runs there are. */
export function addRuns(program: Command, console: Console): void {
  const command = program
    .command('runs')
    .description('list runs, newest first')
    .option('--repository <owner/name>', 'only those of this repository')
    .option('--branch <name>', 'only those of this branch')
    .addOption(new Option('--status <status>', 'only those with this overall status').choices(Object.keys(statuses)))
    .option('--limit <number>', 'at most so many, up to 100', parseLimit, '20');
  addPlatformOptions(command).action(async (options: Options) => {
    const api = await openClient(options, console);
    const answer = await api.read<{ runs: ShownRun[] }>(`/runs?${queryOf(options)}`);
    if (options.json === true) console.print(`${JSON.stringify(answer)}\n`);
    else showList(harmless(answer).runs, console);
    console.finish(exitCodes.success);
  });
}

function parseLimit(text: string): string {
  if (/^[1-9][0-9]?$|^100$/.test(text)) return text;
  throw new InvalidArgumentError('It is a number from 1 to 100.');
}

function queryOf({ repository, branch, status, limit }: Options): string {
  const query = new URLSearchParams({ limit });
  for (const [name, value] of Object.entries({ repository, branch, status })) {
    if (value !== undefined) query.set(name, value);
  }
  return query.toString();
}

function showList(runs: readonly ShownRun[], { print, say, paint = plain }: Console): void {
  if (runs.length === 0) say('No runs.');
  else print(`${renderRunList({ runs, now: new Date(), paint }).join('\n')}\n`);
}

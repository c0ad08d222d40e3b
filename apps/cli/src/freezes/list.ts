import { oneLine } from '@orchestra/contracts';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderTable } from '../render/render-table.ts';

interface Freeze {
  repository: string | null;
  environment: string;
  until: string | null;
  note: string | null;
  actor: string;
}

interface Listed {
  freezes: readonly Freeze[];
  waiting: readonly { repository: string; environment: string; service: string; sequence: number; since: string }[];
}

interface Options extends PlatformOptions {
  repository?: string;
}

/** `orchestra freezes`: the freezes that go on, and who waits. */
export function addFreezes(program: Command, console: Console): void {
  const command = program
    .command('freezes')
    .description('list the freezes that people ordered, and the releases that wait for an environment to open')
    .option('--repository <owner/name>', 'only those that hold it up');
  addPlatformOptions(command).action(async (options: Options) => {
    const { repository, json = false } = options;
    const api = await openClient(options, console);
    const query = repository === undefined ? '' : `?repository=${encodeURIComponent(repository)}`;
    const answer = await api.read<Listed>(`/freezes${query}`);
    if (json) console.print(`${JSON.stringify(answer)}\n`);
    else showList(harmless(answer), console);
    console.finish(exitCodes.success);
  });
}

function showList({ freezes, waiting }: Listed, { print, say, paint = plain }: Console): void {
  if (freezes.length === 0) say('Nothing is frozen by an order.');
  else print(`${renderTable([headings, ...freezes.map(rowFor)], paint).join('\n')}\n`);
  for (const { repository, environment, service, sequence, since } of waiting) {
    say(oneLine(`${repository}#${sequence} waits with ${service} for ${environment} since ${since}`));
  }
}

const headings = rowOf(['ENVIRONMENT', 'REPOSITORY', 'UNTIL', 'BY', 'NOTE']);

function rowFor({ environment, repository, until, actor, note }: Freeze): { text: string }[] {
  return rowOf([environment, repository ?? 'all', until ?? 'unfrozen', actor, note ?? '-']);
}

function rowOf(texts: readonly string[]): { text: string }[] {
  return texts.map((text) => ({ text: oneLine(text) }));
}

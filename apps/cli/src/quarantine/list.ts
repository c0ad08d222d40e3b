import { oneLine } from '@orchestra/contracts';
import type { Quarantined } from '@orchestra/runtime';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderTable } from '../render/render-table.ts';

interface Listed {
  quarantine: readonly Quarantined[];
  released: readonly { key: string; actor: string; at: string; note: string }[];
}

/** `orchestra quarantine list`: what does not serve again, why, and what may once more. */
export function addList(quarantine: Command, console: Console): void {
  const command = quarantine
    .command('list')
    .description('list the versions in quarantine, what was measured of them, and those that were let out')
    .argument('<repository>', 'owner/name');
  addPlatformOptions(command).action(async (repository: string, options: PlatformOptions) => {
    const api = await openClient(options, console);
    const answer = await api.read<Listed>(`/quarantine?repository=${encodeURIComponent(repository)}`);
    if (options.json === true) console.print(`${JSON.stringify(answer)}\n`);
    else showList(harmless(answer), console);
    console.finish(exitCodes.success);
  });
}

function showList({ quarantine, released }: Listed, { print, say, paint = plain }: Console): void {
  if (quarantine.length === 0) say('Nothing is in quarantine.');
  else print(`${renderTable([headings, ...quarantine.map(rowFor)], paint).join('\n')}\n`);
  for (const { key, actor, at, note } of released) say(oneLine(`${key} was let out by ${actor} at ${at}: ${note}`));
}

const headings = rowOf(['KEY', 'RELEASE', 'REASON', 'MEASURED', 'ALERT', 'SINCE', 'RUN']);

function rowFor({ key, release, reason, breach = null, alertId, at, runId }: Quarantined): { text: string }[] {
  return rowOf([key, release ?? '-', reason, measured(breach), alertId ?? '-', at, runId]);
}

function measured(breach: Quarantined['breach'] | null): string {
  if (breach === null || breach === undefined) return '-';
  const { metric, value, threshold, baseline } = breach;
  return `${metric} ${value ?? 'no data'}, threshold ${threshold}${baseline === null ? '' : `, before ${baseline}`}`;
}

function rowOf(texts: readonly string[]): { text: string }[] {
  return texts.map((text) => ({ text: oneLine(text) }));
}

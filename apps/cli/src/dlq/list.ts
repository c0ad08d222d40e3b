import { oneLine } from '@orchestra/contracts';
import type { DeadLetter } from '@orchestra/runtime';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderTable } from '../render/render-table.ts';

interface Options extends PlatformOptions {
  topic?: string;
  group?: string;
}

/** `orchestra dlq list`: the open dead letters, oldest first. */
export function addList(dlq: Command, console: Console): void {
  const command = dlq
    .command('list')
    .description('list the dead letters that nobody has replayed or dropped, oldest first')
    .option('--topic <topic>', 'only those of this topic, such as build_ready')
    .option('--group <group>', 'only those of this consumer group, such as orchestra.test');
  addPlatformOptions(command).action(async (options: Options) => {
    const api = await openClient(options, console);
    const answer = await api.read<{ letters: DeadLetter[] }>(`/dead-letters?${queryOf(options)}`);
    if (options.json === true) console.print(`${JSON.stringify(answer)}\n`);
    else showList(harmless(answer).letters, console);
    console.finish(exitCodes.success);
  });
}

function queryOf({ topic, group }: Options): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ topic, group })) {
    if (value !== undefined) query.set(name, value);
  }
  return query.toString();
}

function showList(letters: readonly DeadLetter[], { print, say, paint = plain }: Console): void {
  if (letters.length === 0) {
    say('No dead letters.');
    return;
  }
  const rows = letters.map(({ id, group, reason, at, runId, sizeBytes }) =>
    rowOf([id, group, reason, at, runId ?? '-', `${sizeBytes} B`]),
  );
  print(`${renderTable([headings, ...rows], paint).join('\n')}\n`);
}

const headings = rowOf(['LETTER', 'GROUP', 'REASON', 'REFUSED AT', 'RUN', 'SIZE']);

function rowOf(texts: readonly string[]): { text: string }[] {
  return texts.map((text) => ({ text: oneLine(text) }));
}

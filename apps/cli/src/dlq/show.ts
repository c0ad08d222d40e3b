import type { DeadLetter } from '@orchestra/runtime';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { letterPath } from './letter-path.ts';

interface Opened extends DeadLetter {
  headers: Readonly<Record<string, string>>;
  base64: string;
  hex: string;
  payload: unknown;
  unreadable: { code: string; message: string } | null;
}

/** `orchestra dlq show`: a dead letter with its original bytes, decoded where that is possible. */
export function addShow(dlq: Command, console: Console): void {
  const command = dlq
    .command('show')
    .description('show a dead letter: why it was refused, its headers, its bytes and what they say')
    .argument('<letter>', 'an id of `orchestra dlq list`');
  addPlatformOptions(command).action(async (letter: string, options: PlatformOptions) => {
    const api = await openClient(options, console);
    const opened = await api.read<Opened>(letterPath(letter));
    console.print(options.json === true ? `${JSON.stringify(opened)}\n` : `${render(harmless(opened)).join('\n')}\n`);
    console.finish(exitCodes.success);
  });
}

function render(opened: Opened): string[] {
  const { id, topic, partition, offset, group, reason, message, at, writtenAt, key } = opened;
  const { headers, payload, unreadable, sizeBytes, base64 } = opened;
  return [
    `letter    ${id}`,
    `from      ${topic}, partition ${partition ?? '?'}, offset ${offset ?? '?'}, written ${writtenAt ?? '?'}`,
    `refused   ${at} by ${group}`,
    `because   ${reason}: ${message}`,
    `key       ${key}`,
    ...Object.entries(headers).map(([name, value]) => `header    ${name}: ${value}`),
    `bytes     ${sizeBytes}`,
    ...hexLines(opened.hex),
    `base64    ${base64}`,
    unreadable === null ? 'payload' : `payload   cannot be read: ${unreadable.code}: ${unreadable.message}`,
    ...(unreadable === null ? JSON.stringify(payload, null, 2).split('\n') : []),
  ];
}

const bytesInLine = 32;

// So many that an ordinary event is shown whole; the JSON form and base64 have all of a longer one.
const linesShown = 64;

function hexLines(hex: string): string[] {
  const lines = hex.match(new RegExp(`.{1,${bytesInLine * 2}}`, 'g')) ?? [];
  const shown = lines.slice(0, linesShown).map((line, index) => {
    const place = (index * bytesInLine).toString(16).padStart(6, '0');
    return `  ${place}  ${line}`;
  });
  return lines.length > linesShown ? [...shown, '  …'] : shown;
}

import type { DeadLetter } from '@orchestra/runtime';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmlessText } from '../render/harmless.ts';
import { letterPath } from './letter-path.ts';

interface Options extends PlatformOptions {
  reason?: string;
}

/** `orchestra dlq replay` and `orchestra dlq drop`: the two ways in which a dead letter is closed. */
export function addDisposals(dlq: Command, console: Console): void {
  addOne(dlq, console, {
    name: 'replay',
    description: 'publish the original bytes again, for the group that refused them; others skip them',
    done: (group) => `Published again for ${group}, which decides anew.`,
  });
  addOne(dlq, console, {
    name: 'drop',
    description: 'close a dead letter without publishing it; its bytes stay on the topic until they expire',
    done: () => 'Dropped.',
  });
}

interface Disposal {
  name: 'replay' | 'drop';
  description: string;
  done(group: string): string;
}

function addOne(dlq: Command, console: Console, { name, description, done }: Disposal): void {
  const command = dlq
    .command(name)
    .description(description)
    .argument('<letter>', 'an id of `orchestra dlq list`')
    .option('--reason <text>', 'why, for the audit log');
  addPlatformOptions(command).action(async (id: string, options: Options) => {
    const api = await openClient(options, console);
    const { reason, json = false } = options;
    const answer = await api.order<{ letter: DeadLetter }>(letterPath(id, `/${name}`), { reason });
    console.print(json ? `${JSON.stringify(answer)}\n` : `${answer.letter.id}\n`);
    console.say(harmlessText(done(answer.letter.group)));
    console.finish(exitCodes.success);
  });
}

import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { harmlessText } from '../render/harmless.ts';

/** `orchestra why`: the chain of events and decisions behind the state of a run. */
export function addWhy(program: Command, console: Console): void {
  const command = program
    .command('why')
    .description('explain the state of a run: the chain of events and decisions that led to it, or what it waits for')
    .argument('<run>', 'id of a run, or owner/name#number');
  addPlatformOptions(command).action(async (run: string, options: PlatformOptions) => {
    const api = await openClient(options, console);
    const why = await api.read<{ text: string }>(runPath(run, '/why'));
    console.print(options.json === true ? `${JSON.stringify(why)}\n` : `${harmlessText(why.text)}\n`);
    console.finish(exitCodes.success);
  });
}

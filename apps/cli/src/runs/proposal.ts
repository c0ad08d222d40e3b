import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { harmlessText } from '../render/harmless.ts';

interface Options extends PlatformOptions {
  environment?: string;
}

interface Answer {
  proposals: readonly { patch: string }[];
}

/** `orchestra proposal`: the patch that a language model wrote where a configuration is missing. Printed, never applied. */
export function addProposal(program: Command, console: Console): void {
  const command = program
    .command('proposal')
    .description('print the patch that a language model proposes for missing infrastructure; read it before git apply')
    .argument('<run>', 'id of a run, or owner/name#number')
    .option('--environment <name>', 'only that of this environment');
  addPlatformOptions(command).action(async (run: string, options: Options) => {
    const api = await openClient(options, console);
    const query = options.environment === undefined ? '' : `?environment=${encodeURIComponent(options.environment)}`;
    const answer = await api.read<Answer>(runPath(run, `/proposals${query}`));
    const text = answer.proposals.map(({ patch }) => harmlessText(patch)).join('');
    console.print(options.json === true ? `${JSON.stringify(answer)}\n` : text);
    console.finish(exitCodes.success);
  });
}

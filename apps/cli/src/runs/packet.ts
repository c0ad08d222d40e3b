import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, runPath, type PlatformOptions } from '../platform-options.ts';
import { harmlessText } from '../render/harmless.ts';

interface Options extends PlatformOptions {
  target?: string;
}

interface Answer {
  packets: readonly { markdown: string }[];
}

/** `orchestra packet`: everything that a rollback was decided on. */
export function addPacket(program: Command, console: Console): void {
  const command = program
    .command('packet')
    .description('show what a rollback of a run was decided on: measurements, timeline, commits, configuration, output')
    .argument('<run>', 'id of a run, or owner/name#number')
    .option('--target <environment/service>', 'only that of this target');
  addPlatformOptions(command).action(async (run: string, options: Options) => {
    const api = await openClient(options, console);
    const query = options.target === undefined ? '' : `?target=${encodeURIComponent(options.target)}`;
    const answer = await api.read<Answer>(runPath(run, `/rollback-packet${query}`));
    const text = answer.packets.map(({ markdown }) => harmlessText(markdown)).join('\n');
    console.print(options.json === true ? `${JSON.stringify(answer)}\n` : text);
    console.finish(exitCodes.success);
  });
}

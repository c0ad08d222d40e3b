import type { Rebuilt } from '@orchestra/runtime';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  data: string;
  distributed?: boolean;
  json?: boolean;
}

/** `orchestra rebuild`: fills an empty run store from the topics, and lets its runs go on. */
export function addRebuild(program: Command, console: Console): void {
  program
    .command('rebuild')
    .description('fill an empty run store from the topics, and let the runs go on that had not ended')
    .option('--data <folder>', 'the data folder of an embedded platform, which must not run meanwhile', '.orchestra')
    .option('--distributed', 'the store, the topics and the folders that the environment names')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { rebuildEmbedded, rebuildDistributed } = await import('./perform-rebuild.ts');
      const rebuilt =
        options.distributed === true
          ? await rebuildDistributed(console.environment)
          : await rebuildEmbedded(options.data, console.environment);
      console.print(options.json === true ? `${JSON.stringify(rebuilt)}\n` : `${rebuilt.identity}\n`);
      console.say(summaryOf(rebuilt));
      console.finish(exitCodes.success);
    });
}

function summaryOf({ events, unreadable, runs, unfinished, queued, targets }: Rebuilt): string {
  const skipped = unreadable === 0 ? '' : ` (${unreadable} records could not be read: see \`orchestra dlq list\`)`;
  return `The run store is rebuilt: ${runs} runs and ${targets} targets from ${events} events${skipped}. ${unfinished} runs go on, with ${queued} jobs.`;
}

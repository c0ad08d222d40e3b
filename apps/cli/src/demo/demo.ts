import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  distributed?: boolean;
  keep?: boolean;
  json?: boolean;
}

/** `orchestra demo`: the main job, end to end, with a sample repository. */
export function addDemo(program: Command, console: Console): void {
  program
    .command('demo')
    .description('three pushes of a sample service: a canary is promoted, a bad one goes back, and is not let in again')
    .option('--distributed', 'nine processes on the Kafka, registry and Redis that the environment names')
    .option('--keep', 'leave the platform running at the end')
    .option('--json', 'print the summary as one JSON document')
    .action(async (options: Options) => {
      const { playDemo } = await import('./play-demo.ts');
      const { distributed = false, keep = false } = options;
      const summary = await playDemo({
        distributed,
        keep,
        environment: console.environment,
        say: (line) => console.say(line),
      });
      console.print(options.json === true ? `${JSON.stringify(summary)}\n` : `${summary.text}\n`);
      console.finish(summary.kept ? exitCodes.success : exitCodes.failure);
    });
}

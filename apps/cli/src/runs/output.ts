import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';

interface Options extends PlatformOptions {
  environment?: string;
  distributed?: boolean;
}

/** `orchestra output`: the value of an output; a sensitive one is read from the state by this process, at this moment. */
export function addOutput(program: Command, console: Console): void {
  const command = program
    .command('output')
    .description("print an output of a run's infrastructure; a sensitive one is read from the state, on this machine")
    .argument('<run>', 'id of a run, or owner/name#number')
    .argument('<name>', 'name of the output')
    .option('--environment <name>', 'that of this environment; needed where the run has several')
    .option('--distributed', 'the folders and the credentials that the environment names, as those of iac');
  addPlatformOptions(command).action(async (name: string, output: string, options: Options) => {
    const api = await openClient(options, console);
    const { run } = await api.readRun(name);
    const { readOutput } = await import('./read-output.ts');
    const { data, distributed: isDistributed = false, environment = null } = options;
    const value = await readOutput({ run, environment, output }, { data, isDistributed, given: console.environment });
    console.print(`${options.json === true ? JSON.stringify({ value }) : value}\n`);
    console.finish(exitCodes.success);
  });
}

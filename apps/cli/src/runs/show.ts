import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { exitCodes } from '../exit-codes.ts';
import { addPlatformOptions, openClient, type PlatformOptions } from '../platform-options.ts';
import { harmless } from '../render/harmless.ts';
import { plain } from '../render/paint.ts';
import { renderRun } from '../render/render-run.ts';

/** `orchestra show`: one run, with what its services found. */
export function addShow(program: Command, console: Console): void {
  const command = program
    .command('show')
    .description('show one run: its units, what was built, tested, found, planned and released')
    .argument('<run>', 'id of a run, or owner/name#number');
  addPlatformOptions(command).action(async (run: string, options: PlatformOptions) => {
    const api = await openClient(options, console);
    const shown = await api.readRun(run);
    const { paint = plain } = console;
    console.print(
      options.json === true
        ? `${JSON.stringify(shown)}\n`
        : `${renderRun({ shown: harmless(shown), now: new Date(), paint }).join('\n')}\n`,
    );
    console.finish(exitCodes.success);
  });
}

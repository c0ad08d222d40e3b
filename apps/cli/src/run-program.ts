import { OrchestraError } from '@orchestra/contracts';
import { CommanderError } from 'commander';
import type { Console } from './console.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { harmlessText } from './render/harmless.ts';

/** Runs one command line. A failure is shown as a sentence, or as `{code, message}` where `--json` is asked for. */
export async function runProgram(args: readonly string[], console: Console): Promise<void> {
  try {
    await createProgram(console).parseAsync([...args], { from: 'user' });
  } catch (error) {
    // Commander has shown its own message, and help and version are no failures.
    if (error instanceof CommanderError) {
      console.finish(error.exitCode === 0 ? exitCodes.success : exitCodes.failure);
      return;
    }
    report(error, args, console);
  }
}

function report(error: unknown, args: readonly string[], console: Console): void {
  const code = error instanceof OrchestraError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  if (args.includes('--json')) console.print(`${JSON.stringify({ code, message })}\n`);
  else console.say(`orchestra: ${harmlessText(message)}`);
  console.finish(exitCodeOf(error));
}

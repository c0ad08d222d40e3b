import { Command } from 'commander';
import type { Console } from './console.ts';
import { addDemo } from './demo/demo.ts';
import { addInit } from './init.ts';
import { addUp } from './up/up.ts';
import { addValidate } from './validate.ts';

/**
 * The command line with all of its commands. A command that starts services or talks to a server imports what
 * it needs when it runs, so that the others start at once.
 */
export function createProgram(console: Console): Command {
  const program = new Command('orchestra')
    .description('DevOps Orchestra: a push becomes a watched release, and a bad one goes back by itself')
    .version('0.1.0')
    .configureOutput({ writeOut: (text) => console.print(text), writeErr: (text) => console.say(text.trimEnd()) })
    .exitOverride()
    .showHelpAfterError('Run `orchestra --help` for the commands.');
  addDemo(program, console);
  addInit(program, console);
  addUp(program, console);
  addValidate(program, console);
  return program;
}

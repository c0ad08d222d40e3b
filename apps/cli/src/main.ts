import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { runProgram } from './run-program.ts';

// Whoever read our output has seen enough, as `head` does: nothing went wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

await runProgram(process.argv.slice(2), {
  environment: process.env,
  print: (data) => void process.stdout.write(data),
  say: (line) => void process.stderr.write(`${line}\n`),
  paint: (colour, part) => styleText(colour, part, { stream: process.stdout }),
  readInput: () => text(process.stdin),
  finish(code) {
    process.exitCode = code;
  },
});

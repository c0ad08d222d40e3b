import { text } from 'node:stream/consumers';
import { runProgram } from './run-program.ts';

await runProgram(process.argv.slice(2), {
  environment: process.env,
  print: (data) => void process.stdout.write(data),
  say: (line) => void process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  finish(code) {
    process.exitCode = code;
  },
});

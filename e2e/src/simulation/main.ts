import { describeViolation } from '@orchestra/testkit/world';
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

// What goes wrong in a world is no surprise, and the places of its errors are the costliest part of them.
Error.stackTraceLimit = values.trace ? 10 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const began = performance.now();
const failed: number[] = [];
let runs = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const result = await runSeed(seed, values.trace ? say : null);
  runs += result.runs;
  if (result.violations.length > 0) {
    failed.push(seed);
    say(`seed ${seed} breaks ${result.violations.length} promises, the first:`);
    for (const violation of values.seed === undefined ? result.violations.slice(0, 1) : result.violations)
      say(describeViolation(violation));
    if (!values.keep && values.seed === undefined) break;
  }
  if ((seed - first + 1) % 100 === 0) progress(seed - first + 1);
}
progress(count);
process.exitCode = failed.length === 0 ? 0 : 1;

function progress(done: number): void {
  const seconds = (performance.now() - began) / 1000;
  const rate = (done / seconds).toFixed(1);
  const worst = failed.length === 0 ? 'all kept' : `${failed.length} failed: ${failed.slice(0, 20).join(' ')}`;
  say(`${done} seeds, ${runs} runs, ${seconds.toFixed(1)} s, ${rate} seeds/s, ${worst}`);
}

import { describeViolation } from '@orchestra/testkit/world';
import { parseArgs } from 'node:util';
import { runSeed, type SeedResult } from './run-seed.ts';

// npm run simulate -- --seeds 20000 --from 0          many seeds; ends at the first that breaks a promise
// npm run simulate -- --seeds 20000 --from 0 --keep   goes on behind it
// npm run simulate -- --seed 7 --trace                one seed again, with everything that happened
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
// What goes wrong in a world is no surprise, and the places of its errors cost more than the errors do.
Error.stackTraceLimit = values.trace ? 10 : 0;

if (values.seed === undefined) await playMany(Number(values.from), Number(values.seeds));
else await playOne(Number(values.seed));

async function playOne(seed: number): Promise<void> {
  const result = await runSeed(seed, values.trace ? say : null);
  for (const violation of result.violations) say(describeViolation(violation));
  say(
    `seed ${seed}: ${result.runs} runs in ${Math.round(result.virtualMs / 1000)} s of its own time, ${wordOf(result)}`,
  );
  process.exitCode = result.violations.length === 0 ? 0 : 1;
}

async function playMany(from: number, count: number): Promise<void> {
  const began = performance.now();
  const failed: number[] = [];
  let runs = 0;
  for (let done = 1; done <= count; done += 1) {
    const result = await runSeed(from + done - 1);
    runs += result.runs;
    if (result.violations.length > 0) failed.push(result.seed);
    sayBroken(result);
    const isOver = done === count || (failed.length > 0 && !values.keep);
    if (isOver || done % 100 === 0) progress({ done, runs, failed, seconds: (performance.now() - began) / 1000 });
    if (isOver) break;
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function sayBroken(result: SeedResult): void {
  const [first] = result.violations;
  if (first === undefined) return;
  say(`seed ${result.seed}: ${wordOf(result)}, the first:\n${describeViolation(first)}`);
}

function wordOf({ violations }: SeedResult): string {
  return violations.length === 0 ? 'all promises kept' : `${violations.length} promises broken`;
}

interface Progress {
  done: number;
  runs: number;
  failed: readonly number[];
  seconds: number;
}

function progress({ done, runs, failed, seconds }: Progress): void {
  const rate = (done / seconds).toFixed(1);
  const shown = failed.slice(0, 20).join(' ');
  const word = failed.length === 0 ? 'all promises kept' : `broken by ${failed.length}, the first: ${shown}`;
  say(`${done} seeds, ${runs} runs, ${seconds.toFixed(1)} s, ${rate} seeds/s, ${word}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

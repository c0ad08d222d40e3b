import { parseArgs } from 'node:util';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { watchMachine } from './describe-machine.ts';
import { hop } from './hop/hop.ts';
import { load } from './load/load.ts';
import { renderReport } from './render-report.ts';
import { rollback } from './rollback/rollback.ts';
import { endToEnd } from './stages/end-to-end.ts';
import { firstCommand } from './stages/first-command.ts';
import { webhook } from './webhook/webhook.ts';
import { writeReport } from './write-report.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  hop,
  webhook,
  load,
  'first-command': firstCommand,
  'end-to-end': endToEnd,
  rollback,
};
const usageExit = 2;

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pairs: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } },
  });
  const pairs = Number(values.pairs);
  const [name = ''] = positionals;
  const benchmark = benchmarks[name];
  if (benchmark === undefined || !Number.isInteger(pairs) || pairs < 1) {
    process.stderr.write(usage());
    process.exitCode = usageExit;
    return;
  }
  await run(name, benchmark, { pairs, quick: values.quick, say });
}

// A missed target is a figure, not a failure: the exit code says only whether it could be measured.
async function run(name: string, benchmark: Benchmark, options: BenchOptions): Promise<void> {
  const describeMachine = watchMachine();
  const report = await benchmark.run(options);
  const machine = describeMachine();
  const file = await writeReport(name, report, machine);
  process.stdout.write(`${renderReport(name, report, machine)}\n`);
  say(`all that was measured: ${file}`);
}

function usage(): string {
  const lines = Object.entries(benchmarks).map(([name, { says }]) => `  ${name.padEnd(14)} ${says}`);
  return ['usage: npm run bench -- NAME [--pairs 5] [--quick]', ...lines, ''].join('\n');
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

import { delimiter } from 'node:path';
import { ensureBubblewrap } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions, Report } from '../benchmark.ts';
import { median, percentile } from '../statistics.ts';
import { startPlatform, type PlatformSide } from './start-platform.ts';

const limitMs = 300;
const pushesEachTurn = 6;

interface Turn {
  firstCommandMs: number[];
  gitopsMs: number[];
  runMs: number[];
}

/** How long a developer waits until something happens. It has no yardstick but the limit itself. */
export const firstCommand: Benchmark = {
  says: "from a signed push to the first stage command's own timestamp, embedded, in bubblewrap",
  async run(options) {
    const path = `${process.env['PATH']}${delimiter}${await ensureBubblewrap()}`;
    const platform = await startPlatform({ distributed: false, environment: { ...process.env, PATH: path } });
    try {
      options.say('warming up');
      await measure(platform, options.quick ? 1 : 5);
      return reportOf(await takeTurns(platform, options));
    } finally {
      await platform.stop();
    }
  },
};

async function takeTurns(platform: PlatformSide, { pairs, quick, say }: BenchOptions): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let turn = 1; turn <= pairs; turn += 1) {
    const measured = await measure(platform, quick ? 2 : pushesEachTurn);
    turns.push(measured);
    say(`${turn}/${pairs} first command after ${median(measured.firstCommandMs).toFixed(0)} ms`);
  }
  return turns;
}

async function measure(platform: PlatformSide, count: number): Promise<Turn> {
  const turn: Turn = { firstCommandMs: [], gitopsMs: [], runMs: [] };
  for (let index = 0; index < count; index += 1) {
    const { sentAt, run } = await platform.pushOne();
    const beganAt = lastLine(await platform.readOutput(run.runId, 'build'));
    turn.firstCommandMs.push(beganAt - sentAt);
    turn.gitopsMs.push(new Date(run.units['gitops']?.endedAt ?? '').getTime() - sentAt);
    turn.runMs.push(new Date(run.endedAt ?? '').getTime() - sentAt);
  }
  return turn;
}

// The first line says which command ran.
function lastLine(output: string): number {
  return Number(output.trim().split('\n').at(-1));
}

function reportOf(turns: readonly Turn[]): Report {
  const first = turns.flatMap(({ firstCommandMs }) => firstCommandMs);
  const fetched = turns.flatMap(({ gitopsMs }) => gitopsMs);
  const whole = turns.flatMap(({ runMs }) => runMs);
  return {
    figures: [
      ['pushes', String(first.length)],
      ['commit fetched and read after', `${median(fetched).toFixed(0)} ms`],
      ['first command p90', `${percentile(first, 0.9).toFixed(0)} ms`],
      ['whole run', `${median(whole).toFixed(0)} ms`],
    ],
    targets: [{ what: 'first command median ms', value: median(first), limit: limitMs, keeps: 'at_most' }],
    rounds: turns,
    versions: {},
  };
}

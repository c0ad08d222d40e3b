import { startNeighbours } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions, Report, Target } from '../benchmark.ts';
import { measureInTurn } from '../measure-in-turn.ts';
import { median, medianRatio } from '../statistics.ts';
import type { Contender } from './contender.ts';
import { buildbotVersion } from './install-buildbot.ts';
import { initialize } from './launch-platform.ts';
import { startBuildbot } from './start-buildbot.ts';
import { startPlatform } from './start-platform.ts';

const serialPushes = 6;
const pushesAtOnce = 20;

interface Turn {
  /** The median of pushes one after the other. */
  serialMs: number;
  /** From the first of many pushes at once to the end of the last run. */
  burstMs: number;
}

/** Yardstick 3 of the performance budget. */
export const endToEnd: Benchmark = {
  says: 'from a signed push to the end of six empty commands, embedded and distributed, beside Buildbot',
  async run(options) {
    const neighbours = await startNeighbours();
    const environment = { ...process.env, ...neighbours.environment, TOPIC_REPLICAS: '1' };
    const started: Contender[] = [];
    try {
      await initialize(environment);
      // One after the other: three platforms that start at once on a few cores time each other out.
      for (const start of [
        () => startBuildbot(options.say),
        () => startPlatform({ distributed: false, environment }),
        () => startPlatform({ distributed: true, environment }),
      ]) {
        started.push(await start());
      }
      return reportOf(await takeTurns(started, options));
    } finally {
      await Promise.all(started.map((contender) => contender.stop()));
      await neighbours.stop();
    }
  },
};

async function takeTurns(contenders: readonly Contender[], options: BenchOptions): Promise<Turn[][]> {
  const names = ['buildbot', 'embedded', 'distributed'];
  const sides = contenders.map((contender, index) => ({
    name: names[index] ?? '',
    measure: () => measure(contender, options),
  }));
  options.say('warming up');
  for (const contender of contenders) await contender.push(options.quick ? 1 : 3);
  return measureInTurn({ contestants: sides, options, describe: describeTurn });
}

async function measure(contender: Contender, { quick }: BenchOptions): Promise<Turn> {
  const serial: number[] = [];
  for (let push = 0; push < (quick ? 2 : serialPushes); push += 1) serial.push(await contender.push(1));
  return { serialMs: median(serial), burstMs: await contender.push(quick ? 3 : pushesAtOnce) };
}

function describeTurn({ serialMs, burstMs }: Turn): string {
  return `one ${serialMs.toFixed(0)} ms, at once ${burstMs.toFixed(0)} ms`;
}

function reportOf([buildbot = [], embedded = [], distributed = []]: readonly Turn[][]): Report {
  const one = ({ serialMs }: Turn): number => serialMs;
  const burst = ({ burstMs }: Turn): number => burstMs;
  const middle = (turns: readonly Turn[]): string =>
    `${median(turns.map(one)).toFixed(0)}/${median(turns.map(burst)).toFixed(0)} ms`;
  const targetsOf = (name: string, turns: readonly Turn[], limit: number): Target[] => [
    { what: `${name}/buildbot`, value: ratio(turns, buildbot, one), limit, keeps: 'at_most' },
    { what: `${name}/buildbot at once`, value: ratio(turns, buildbot, burst), limit, keeps: 'at_most' },
  ];
  return {
    figures: [
      ['one push/20 at once: buildbot', middle(buildbot)],
      ['embedded', middle(embedded)],
      ['distributed', middle(distributed)],
    ],
    targets: [...targetsOf('embedded', embedded, 0.2), ...targetsOf('distributed', distributed, 0.5)],
    rounds: { buildbot, embedded, distributed },
    versions: { buildbot: buildbotVersion },
  };
}

function ratio(ours: readonly Turn[], yardstick: readonly Turn[], of: (turn: Turn) => number): number {
  return medianRatio(ours.map(of), yardstick.map(of));
}

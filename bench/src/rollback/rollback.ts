import { startNeighbours } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions } from '../benchmark.ts';
import { measureInTurn } from '../measure-in-turn.ts';
import { initialize } from '../stages/launch-platform.ts';
import { playBadRelease, type TakenBack } from './bad-release.ts';
import { startPatching, type Patching } from './event-to-patch.ts';
import { describeDetection, describePatches, reportOf, type Detection, type Patches } from './report-rollback.ts';
import { startShops, type Shops } from './start-shops.ts';
import { startUsualMonitoring, type Monitoring } from './usual-monitoring.ts';

const alertsEachTurn = 20;
const undosEachTurn = 5;
// Enough for each of two processes to have had one: before it has never talked to a cluster.
const firstAlerts = 4;

/** Yardstick 4 of the performance budget. */
export const rollback: Benchmark = {
  says: 'from bad to served again, beside Prometheus with Alertmanager as delivered and beside kubectl rollout undo',
  async run(options) {
    // Waiting is what most of it consists of, and none of that can be shortened: a quick run is one turn.
    const own = { ...options, pairs: options.quick ? 1 : options.pairs };
    const neighbours = await startNeighbours();
    const environment = { ...process.env, ...neighbours.environment, TOPIC_REPLICAS: '1' };
    try {
      await initialize(environment);
      const detection = await measureDetection(environment, own);
      const patches = await measurePatches(environment, own);
      return reportOf(detection, patches);
    } finally {
      await neighbours.stop();
    }
  },
};

type Environment = Readonly<Record<string, string | undefined>>;

async function measureDetection(environment: Environment, options: BenchOptions): Promise<Detection> {
  options.say('starting the platform and two shops');
  const shops = await startShops(environment);
  try {
    const contestants = [
      { name: 'watched', measure: async () => playBadRelease(shops, shops.watched) },
      { name: 'rollback killed', measure: async () => playKilled(shops) },
      { name: 'Prometheus, Alertmanager', measure: async () => playAlerted(shops) },
    ];
    const measured = await measureInTurn<TakenBack>({ contestants, options, describe: describeDetection });
    const [watched = [], killed = [], alerted = []] = measured;
    return { watched, killed, alerted };
  } finally {
    await shops.stop();
  }
}

// The third bad sample is five seconds behind the second: what is killed this much before is dead when the alert comes.
const beforeAlertMs = 500;
const betweenSamplesMs = 5_000;

async function playKilled(shops: Shops): Promise<TakenBack> {
  return playBadRelease(shops, shops.watched, {
    async secondBadSample() {
      await new Promise((resolve) => {
        setTimeout(resolve, betweenSamplesMs - beforeAlertMs);
      });
      const killed = (await shops.processes()).filter(({ name }) => name === 'rollback');
      for (const { pid } of killed) process.kill(pid, 'SIGKILL');
      return Date.now();
    },
  });
}

async function playAlerted(shops: Shops): Promise<TakenBack> {
  const started: Monitoring[] = [];
  try {
    return await playBadRelease(shops, shops.alerted, {
      async serves(shop) {
        started.push(await startUsualMonitoring(shops, shop));
      },
    });
  } finally {
    await Promise.all(started.map((monitoring) => monitoring.stop()));
  }
}

async function measurePatches(environment: Environment, options: BenchOptions): Promise<Patches> {
  options.say('starting rollback on a cluster');
  const patching = await startPatching(environment);
  try {
    const first = await patching.patchByAlert(firstAlerts);
    options.say(`the first alerts: ${first.join(', ')} ms`);
    const contestants = [
      { name: 'alert to patch', measure: async () => byAlerts(patching, options) },
      { name: 'kubectl rollout undo', measure: async () => byCommands(patching, options) },
    ];
    const [alerts = [], undos = []] = await measureInTurn({ contestants, options, describe: describePatches });
    return { first, alerts, undos };
  } finally {
    await patching.stop();
  }
}

async function byAlerts(patching: Patching, { quick }: BenchOptions) {
  const patchedMs = await patching.patchByAlert(quick ? 5 : alertsEachTurn);
  // What is brought back was kept, and is ready.
  return { patchedMs, readyMs: patchedMs };
}

async function byCommands(patching: Patching, { quick }: BenchOptions) {
  const patchedMs: number[] = [];
  const readyMs: number[] = [];
  for (let turn = 0; turn < (quick ? 2 : undosEachTurn); turn += 1) {
    const undone = await patching.undo();
    patchedMs.push(undone.patchedMs);
    readyMs.push(undone.readyMs);
  }
  return { patchedMs, readyMs };
}

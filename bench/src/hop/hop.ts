import { randomUUID } from 'node:crypto';
import { createKafkaEventBus, platformTopics } from '@orchestra/backends/kafka';
import { startKafka, startRedis } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions, Report } from '../benchmark.ts';
import { measureInTurn } from '../measure-in-turn.ts';
import { readRedisVersion } from '../read-redis-version.ts';
import { median, medianRatio, percentile } from '../statistics.ts';
import { startSubject, type Subject } from '../subject/start-subject.ts';
import { startLoad, type Load } from './load.ts';
import { makePlainRecords, makePushRecords, type HopRecord } from './make-records.ts';
import { openBackends } from './open-backends.ts';
import { hopKinds, topicsOf, type HopKind, type Place } from './place.ts';
import { prepareRuns } from './prepare-runs.ts';

const perSecond = 50;
// As many as a turn: a service that begins is slower than one that runs, on every side.
const warmUpRecords = 1000;

/** What one turn of one side measured. */
interface Turn {
  p50Ms: number;
  p99Ms: number;
  cpuMsPerRecord: number;
}

/** Yardstick 1 of the performance budget. */
export const hop: Benchmark = {
  says: 'one hop through the runtime beside bare kafkajs, and beside kafkajs with three fsynced Redis writes',
  async run(options) {
    // Servers of its own: what else happens on a shared one would be in the figures.
    const kafka = await startKafka({ fresh: true });
    const redis = await startRedis({ fresh: true });
    try {
      const place = { brokers: kafka.url, redisUrl: redis.url, prefix: `bench:{${randomUUID()}}:` };
      return await measureAt(place, options);
    } finally {
      await Promise.all([kafka.stop(), redis.stop()]);
    }
  },
};

async function measureAt(place: Place, options: BenchOptions): Promise<Report> {
  const backends = await openBackends(place);
  await backends.store.initialize(randomUUID());
  await makeTopics(place);
  const load = await startLoad(place.brokers);
  const file = new URL('subject-main.ts', import.meta.url);
  const subjects = await Promise.all(hopKinds.map((kind) => startSubject(file, argumentsOf(kind, place))));
  const makeRecords = async (kind: HopKind, count: number): Promise<HopRecord[]> =>
    kind === 'runtime' ? makePushRecords(await prepareRuns(backends.store, count)) : makePlainRecords(count);
  try {
    // Kafka tells its version nowhere in the protocol: it is the pinned one.
    const versions = { kafka: '4.3.1', redis: await readRedisVersion(place.redisUrl) };
    return reportOf(await takeTurns({ load, subjects, makeRecords, options }), versions);
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
    await load.stop();
    await backends.close();
  }
}

async function makeTopics({ brokers }: Place): Promise<void> {
  const bus = createKafkaEventBus({ brokers: [brokers], clientId: 'bench-topics', settings: { replicas: 1 } });
  const all = hopKinds.map(topicsOf).flatMap(({ from, to }) => [from, to]);
  await bus.ensureTopics([...new Set([...platformTopics(), ...all])]);
  await bus.close();
}

function argumentsOf(kind: HopKind, { brokers, redisUrl, prefix }: Place): string[] {
  return ['--kind', kind, '--brokers', brokers, '--redis', redisUrl, '--prefix', prefix];
}

interface Sides {
  load: Load;
  subjects: readonly Subject[];
  makeRecords(kind: HopKind, count: number): Promise<HopRecord[]>;
  options: BenchOptions;
}

async function takeTurns({ load, subjects, makeRecords, options }: Sides): Promise<Turn[][]> {
  const count = options.quick ? 100 : 1000;
  const contestants = hopKinds.map((kind, index) => ({ name: kind, measure: () => measure(kind, index, count) }));
  options.say(`warming up, then ${count} records at ${perSecond}/s each turn`);
  for (const [index, kind] of hopKinds.entries()) await measure(kind, index, options.quick ? 50 : warmUpRecords);
  return measureInTurn({ contestants, options, describe: describeTurn });

  async function measure(kind: HopKind, index: number, records: number): Promise<Turn> {
    const made = await makeRecords(kind, records);
    const before = await subjects[index]?.look();
    const latencies = await load.send(topicsOf(kind).from, made, perSecond);
    const after = await subjects[index]?.look();
    return {
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      cpuMsPerRecord: ((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)) / records,
    };
  }
}

function describeTurn({ p50Ms, p99Ms, cpuMsPerRecord }: Turn): string {
  return `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(1)} ms, CPU ${cpuMsPerRecord.toFixed(2)} ms/record`;
}

function reportOf(rounds: Turn[][], versions: Record<string, string>): Report {
  const [bare = [], byHand = [], ours = []] = rounds;
  const p50 = ({ p50Ms }: Turn): number => p50Ms;
  const p99 = ({ p99Ms }: Turn): number => p99Ms;
  const cpu = ({ cpuMsPerRecord }: Turn): number => cpuMsPerRecord;
  const middle = (turns: Turn[]): string =>
    `${median(turns.map(p50)).toFixed(1)}/${median(turns.map(p99)).toFixed(1)} ms`;
  const ratio = (of: (turn: Turn) => number, yardstick: Turn[]): number => medianRatio(ours.map(of), yardstick.map(of));
  return {
    figures: [
      ['p50/p99 ours', middle(ours)],
      ['(a) bare kafkajs', middle(bare)],
      ['(b) with three writes', middle(byHand)],
    ],
    targets: [
      { what: 'p50/(b)', value: ratio(p50, byHand), limit: 1.5, keeps: 'at_most' },
      { what: 'p50/(a)', value: ratio(p50, bare), limit: 3, keeps: 'at_most' },
      { what: 'p99/(b)', value: ratio(p99, byHand), limit: 2, keeps: 'at_most' },
      { what: 'CPU/(b)', value: ratio(cpu, byHand), limit: 2.5, keeps: 'at_most' },
    ],
    rounds: { bare, byHand, ours },
    versions,
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createKafkaEventBus, platformTopics } from '@orchestra/backends/kafka';
import { startKafka, startRedis } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions, Report, Target } from '../benchmark.ts';
import { openBackends } from '../hop/open-backends.ts';
import { measureInTurn } from '../measure-in-turn.ts';
import { readRedisVersion } from '../read-redis-version.ts';
import { median } from '../statistics.ts';
import { startSubject, type Subject } from '../subject/start-subject.ts';
import { startBullmqSender } from './bullmq-flow.ts';
import { startChainSender, startRunSender } from './kafka-sender.ts';
import { chainTopics, loadKinds, type LoadKind, type LoadPlace } from './place.ts';
import { sendWave, type Sender } from './sender.ts';

/** So many runs at once, so many times in a turn: about as much work for each, but for the last. */
interface Level {
  inFlight: number;
  waves: number;
}

const levels: readonly Level[] = [
  { inFlight: 1, waves: 50 },
  { inFlight: 10, waves: 20 },
  { inFlight: 100, waves: 3 },
  { inFlight: 1000, waves: 1 },
];
const quickLevels: readonly Level[] = [
  { inFlight: 1, waves: 5 },
  { inFlight: 10, waves: 2 },
  { inFlight: 100, waves: 1 },
];

interface Turn {
  /** Without what the process takes in the same time when nothing happens. */
  cpuMsPerRun: number;
  /** All of it. */
  grossCpuMsPerRun: number;
  runsPerSecond: number;
  memoryMiB: number;
}

/** Whether a run costs the same alone and among a thousand. */
export const load: Benchmark = {
  says: 'CPU a run with 1, 10, 100 and 1000 in flight, beside a BullMQ flow and a bare kafkajs chain of five steps',
  async run(options) {
    const kafka = await startKafka({ fresh: true });
    const redis = await startRedis({ fresh: true });
    try {
      const place = { brokers: kafka.url, redisUrl: redis.url, prefix: `bench:{${randomUUID()}}:`, queues: '{bullmq}' };
      return await measureAt(place, options);
    } finally {
      await Promise.all([kafka.stop(), redis.stop()]);
    }
  },
};

interface Side {
  subject: Subject;
  sender: Sender;
  /** CPU that it takes when nothing happens, as a share of one core. */
  idle: number;
}

type Sides = Readonly<Record<LoadKind, Side>>;

async function measureAt(place: LoadPlace, options: BenchOptions): Promise<Report> {
  await prepare(place);
  const sides: Sides = {
    runtime: await startSide('runtime', place, startRunSender),
    bullmq: await startSide('bullmq', place, startBullmqSender),
    kafkajs: await startSide('kafkajs', place, startChainSender),
  };
  try {
    for (const kind of loadKinds) await measure(sides[kind], { inFlight: 20, waves: options.quick ? 2 : 10 });
    await Promise.all(loadKinds.map((kind) => measureIdle(sides[kind], options.quick ? 2_000 : 10_000)));
    const rounds = await takeTurns(sides, options);
    const versions = { kafka: '4.3.1', redis: await readRedisVersion(place.redisUrl), bullmq: '6.5.1' };
    return reportOf(rounds, versions);
  } finally {
    for (const { subject, sender } of Object.values(sides)) {
      await subject.stop();
      await sender.close();
    }
  }
}

async function prepare(place: LoadPlace): Promise<void> {
  const backends = await openBackends(place);
  await backends.store.initialize(randomUUID());
  await backends.close();
  const bus = createKafkaEventBus({
    brokers: [place.brokers],
    clientId: 'bench-load-topics',
    settings: { replicas: 1 },
  });
  await bus.ensureTopics([...platformTopics(), ...chainTopics()]);
  await bus.close();
}

async function startSide(
  kind: LoadKind,
  place: LoadPlace,
  startSender: (place: LoadPlace) => Promise<Sender>,
): Promise<Side> {
  const { brokers, redisUrl, prefix, queues } = place;
  const args = ['--kind', kind, '--brokers', brokers, '--redis', redisUrl, '--prefix', prefix, '--queues', queues];
  const subject = await startSubject(new URL('subject-main.ts', import.meta.url), args);
  return { subject, sender: await startSender(place), idle: 0 };
}

async function measureIdle(side: Side, ms: number): Promise<void> {
  const before = await side.subject.look();
  await delay(ms);
  const after = await side.subject.look();
  side.idle = (after.cpuMs - before.cpuMs) / ms;
}

type Rounds = Record<LoadKind, { inFlight: number; turns: Turn[] }[]>;

async function takeTurns(sides: Sides, options: BenchOptions): Promise<Rounds> {
  const rounds: Rounds = { runtime: [], bullmq: [], kafkajs: [] };
  for (const level of options.quick ? quickLevels : levels) {
    const contestants = loadKinds.map((kind) => ({
      name: `${kind} with ${level.inFlight} in flight`,
      measure: () => measure(sides[kind], level),
    }));
    const turns = await measureInTurn({ contestants, options, describe: describeTurn });
    for (const [index, kind] of loadKinds.entries()) {
      rounds[kind].push({ inFlight: level.inFlight, turns: turns[index] ?? [] });
    }
  }
  return rounds;
}

async function measure({ subject, sender, idle }: Side, { inFlight, waves }: Level): Promise<Turn> {
  const before = await subject.look();
  const beganAt = performance.now();
  let tookMs = 0;
  for (let wave = 0; wave < waves; wave += 1) tookMs += await sendWave(sender, inFlight);
  const after = await subject.look();
  const idleMs = idle * (performance.now() - beganAt);
  const runs = inFlight * waves;
  return {
    cpuMsPerRun: (after.cpuMs - before.cpuMs - idleMs) / runs,
    grossCpuMsPerRun: (after.cpuMs - before.cpuMs) / runs,
    runsPerSecond: runs / (tookMs / 1000),
    memoryMiB: after.memoryMiB,
  };
}

function describeTurn({ cpuMsPerRun, grossCpuMsPerRun, runsPerSecond, memoryMiB }: Turn): string {
  const cpu = `CPU ${cpuMsPerRun.toFixed(1)} ms/run (${grossCpuMsPerRun.toFixed(1)} with what it takes when idle)`;
  return `${cpu}, ${runsPerSecond.toFixed(1)} runs/s, ${memoryMiB.toFixed(0)} MiB`;
}

function reportOf(rounds: Rounds, versions: Record<string, string>): Report {
  const costs = (kind: LoadKind): number[] =>
    rounds[kind].map(({ turns }) => median(turns.map(({ cpuMsPerRun }) => cpuMsPerRun)));
  const spread = (kind: LoadKind): number => Math.max(...costs(kind)) / Math.min(...costs(kind));
  const [alone = Number.NaN] = costs('runtime');
  const targets: Target[] = [
    { what: 'most/least CPU a run', value: spread('runtime'), limit: 1.5, keeps: 'at_most' },
    {
      what: 'CPU a run among most/alone',
      value: (costs('runtime').at(-1) ?? Number.NaN) / alone,
      limit: 1.5,
      keeps: 'at_most',
    },
  ];
  const inFlight = rounds.runtime.map((round) => round.inFlight).join('/');
  const figures = loadKinds.map((kind): [string, string] => [
    `${kind} CPU a run at ${inFlight}`,
    `${costs(kind)
      .map((cost) => cost.toFixed(1))
      .join('/')} ms (most/least ${spread(kind).toFixed(1)})`,
  ]);
  return { figures, targets, rounds, versions };
}

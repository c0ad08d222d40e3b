import { randomBytes } from 'node:crypto';
import { startRedis } from '@orchestra/testkit/neighbours';
import type { Benchmark, BenchOptions, Report, Target } from '../benchmark.ts';
import { readRedisVersion } from '../read-redis-version.ts';
import { measureInTurn } from '../measure-in-turn.ts';
import { median, medianRatio } from '../statistics.ts';
import { startSubject, type Subject } from '../subject/start-subject.ts';
import { fire, type Hit, type Volley } from './fire.ts';

const connectionCounts = [16, 64] as const;
const kinds = ['express', 'sqlite', 'redis'] as const;
const steadyRate = 500;
const burstSize = 10_000;

interface Turn extends Hit {
  cpuMsPerPush: number;
  /** Share of one core that the server took: near 1 it was the limit, not the load generator. */
  busy: number;
}

/** Yardstick 2 of the performance budget. */
export const webhook: Benchmark = {
  says: 'accepted pushes a second of the whole gitops route, on SQLite and on Redis, beside bare express',
  async run(options) {
    const redis = await startRedis({ fresh: true });
    const secret = randomBytes(24).toString('hex');
    const file = new URL('subject-main.ts', import.meta.url);
    const common = ['--secret', secret];
    const start = (...args: string[]): Promise<Subject> => startSubject(file, [...args, ...common]);
    const subjects = {
      express: await start('--kind', 'express'),
      sqlite: await start('--kind', 'gitops'),
      redis: await start('--kind', 'gitops', '--redis', redis.url),
    };
    try {
      const versions = { redis: await readRedisVersion(redis.url), autocannon: '9.0.0' };
      return await measureAll({ subjects, secret, options }, versions);
    } finally {
      await Promise.all(Object.values(subjects).map((subject) => subject.stop()));
      await redis.stop();
    }
  },
};

interface Sides {
  subjects: Readonly<Record<(typeof kinds)[number], Subject>>;
  secret: string;
  options: BenchOptions;
}

async function measureAll(sides: Sides, versions: Record<string, string>): Promise<Report> {
  const { subjects, secret, options } = sides;
  const duration = options.quick ? 1 : 5;
  const figures: [string, string][] = [];
  const targets: Target[] = [];
  const rounds: Record<string, unknown> = {};
  for (const subject of Object.values(subjects)) await fire({ url: subject.said, secret, connections: 16, duration });
  for (const connections of connectionCounts) {
    const contestants = kinds.map((name) => ({
      name: `${name} with ${connections} connections`,
      measure: () => measure(subjects[name], { secret, connections, duration }),
    }));
    const turns = await measureInTurn({ contestants, options, describe: describeTurn });
    rounds[`connections${connections}`] = turns;
    figures.push([`${connections} connections`, describeRates(turns)]);
    targets.push(...rateTargets(turns, connections));
  }
  for (const kind of ['sqlite', 'redis'] as const) {
    const { steady, burst, kept, memoryMiB } = await stress(sides, subjects[kind]);
    rounds[`${kind}Stress`] = { steady, burst, kept, memoryMiB };
    const memory = memoryMiB.map((mebibytes) => mebibytes.toFixed(0)).join(' to ');
    figures.push([
      `burst ${kind}`,
      `${burst.accepted} accepted, ${burst.turnedAway} turned away, ${kept} kept, at most ${memory} MiB`,
    ]);
    targets.push(
      { what: `${kind} p99 ms at ${steadyRate}/s`, value: steady.p99Ms, limit: 100, keeps: 'at_most' },
      { what: `${kind} burst p99 s`, value: burst.p99SinceStartMs / 1000, limit: 10, keeps: 'at_most' },
      { what: `${kind} burst slowest answer s`, value: burst.slowestMs / 1000, limit: 10, keeps: 'at_most' },
      { what: `${kind} burst neither 202 nor 503`, value: burst.broken, limit: 0, keeps: 'at_most' },
      { what: `${kind} burst lost or doubled`, value: Math.abs(burst.accepted - kept), limit: 0, keeps: 'at_most' },
    );
  }
  return { figures, targets, rounds, versions };
}

async function measure(subject: Subject, volley: Omit<Volley, 'url'>): Promise<Turn> {
  const before = await subject.look();
  const hit = await fire({ ...volley, url: subject.said });
  const after = await subject.look();
  const cpuMs = after.cpuMs - before.cpuMs;
  return { ...hit, cpuMsPerPush: cpuMs / hit.accepted, busy: cpuMs / ((hit.accepted / hit.perSecond) * 1000) };
}

interface Stress {
  steady: Hit;
  burst: Hit;
  kept: number;
  /** The most memory that the process had, before the burst and after it. */
  memoryMiB: readonly [before: number, after: number];
}

/** A steady rate, then all at once; and how many of the burst the store kept. */
async function stress({ secret, options }: Sides, subject: Subject): Promise<Stress> {
  const target = { url: subject.said, secret };
  const duration = options.quick ? 2 : 10;
  const steady = await fire({ ...target, connections: 16, duration, overallRate: steadyRate });
  // What was cut off at the end of the volley is still being kept.
  await fire({ ...target, connections: 1, amount: 20 });
  const before = await subject.look();
  const burst = await fire({ ...target, connections: 64, amount: options.quick ? 500 : burstSize });
  const after = await subject.look();
  return { steady, burst, kept: after.kept - before.kept, memoryMiB: [before.memoryMiB, after.memoryMiB] };
}

function describeTurn({ perSecond, p99Ms, cpuMsPerPush, busy, turnedAway, broken }: Turn): string {
  const rate = `${perSecond.toFixed(0)}/s, p99 ${p99Ms} ms`;
  return `${rate}, CPU ${cpuMsPerPush.toFixed(2)} ms/push, busy ${busy.toFixed(2)}, turned away ${turnedAway + broken}`;
}

function describeRates(turns: readonly Turn[][]): string {
  const rates = turns.map((side) => median(side.map(({ perSecond }) => perSecond)).toFixed(0));
  return kinds.map((kind, index) => `${kind} ${rates[index]}/s`).join(' ');
}

function rateTargets([express = [], sqlite = [], redis = []]: readonly Turn[][], connections: number): Target[] {
  const rates = (turns: readonly Turn[]): number[] => turns.map(({ perSecond }) => perSecond);
  const ratio = (ours: readonly Turn[]): number => medianRatio(rates(ours), rates(express));
  return [
    { what: `sqlite/express at ${connections}`, value: ratio(sqlite), limit: 0.5, keeps: 'at_least' },
    { what: `redis/express at ${connections}`, value: ratio(redis), limit: 0.5, keeps: 'at_least' },
  ];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tellTime } from '../tell-time.ts';
import type { FaultWorld } from './fault-world.ts';
import { factsOf, findViolations, lagsIn } from './find-violations.ts';
import { lookUntil } from './look-until.ts';
import { pidsOf } from './service-signals.ts';
import { isIn, openShop, type Shop } from './shop.ts';
import { tellRedis } from './tell-redis.ts';

// Within this time of its return runs should go on.
const backMs = 10_000;
let world: FaultWorld;
let shops: Shop[] = [];

/** What the services do while a server that all of them need is broken. */
export function testBrokenNeighbours(open: () => FaultWorld): void {
  describe('with three shops', () => {
    beforeAll(async () => {
      world = open();
      shops = await Promise.all(
        Array.from({ length: 3 }, () => openShop(world.platform, { pipeline: 'light', buildMs: 1_500 })),
      );
    });

    afterAll(() => Promise.all(shops.map((shop) => shop.close())));

    testKilledServers();
    testSilentServers();
    testFullRedis();
  });
}

function testKilledServers(): void {
  describe('the platform while a server that it needs is killed', () => {
    it('F6 the broker is killed during builds and comes back: runs go on, and end', async () => {
      const runs = await pushAll('broker');
      await untilAll(runs, { unit: 'build', statuses: ['running'] });

      await world.kafka.kill();
      // The ends of the builds are stored, and nobody can be told of them.
      await untilAll(runs, { unit: 'build', statuses: ['success'] });
      expect(await statusesOf(runs, 'test')).toEqual(runs.map(() => null));
      await world.kafka.restart();
      const backAt = performance.now();
      await untilAll(runs, { unit: 'test', statuses: ['not_needed'], timeoutMs: 3 * backMs });
      tellTime({
        what: 'runs went on behind the return of the broker',
        ms: performance.now() - backAt,
        limitMs: backMs,
      });

      await expectSuccess(runs);
    });

    it('P1 Redis is killed twice under load: nothing that it acknowledged is lost, and all runs end', async () => {
      const runs = await pushAll('redis');
      await untilAll(runs, { unit: 'build', statuses: ['running', 'success'] });

      for (let kill = 0; kill < 2; kill += 1) {
        const before = await progressOf(runs);
        await world.redis.restart();
        await lookUntil({ see: () => progressOf(runs), until: (progress) => progress > before, timeoutMs: 30_000 });
      }

      await expectSuccess(runs);
    });
  });
}

function testSilentServers(): void {
  describe('the platform while a server that it needs is silent', () => {
    it.each(['kafka', 'redis'] as const)('answers of %s are swallowed for a while: all runs end', async (server) => {
      const runs = await pushAll(`swallowed by ${server}`);
      await untilAll(runs, { unit: 'build', statuses: ['running', 'success'] });
      const proxy = world.proxies[server];
      const { swallowed } = proxy;
      const before = swallowed();

      proxy.behave('swallow_answers');
      try {
        // Whoever got no answer may ask again only when it has given up on that.
        await lookUntil({ see: swallowed, until: (count) => count > before + 2, timeoutMs: 60_000 });
      } finally {
        proxy.behave('pass');
      }

      await expectSuccess(runs);
    });

    it('F13 the registry is away during runs: they go on, and nothing becomes a dead letter', async () => {
      world.proxies.registry.behave('refuse');
      world.proxies.registry.reset();
      const runs = await pushAll('registry');

      await untilAll(runs, { unit: 'build', statuses: ['success'] });
      world.proxies.registry.behave('pass');

      await expectSuccess(runs);
      expect(await deadLetters()).toEqual([]);
    });
  });
}

function testFullRedis(): void {
  describe('F11 Redis is full', () => {
    it('pushes are answered 503 with Retry-After, consumers rest, and with room again all ends that was accepted', async () => {
      const runs = await pushAll('before it is full');
      // A repository of its own: a newer push would supersede what is under way.
      const shop = await openShop(world.platform, { pipeline: 'light' });
      shops.push(shop);
      const [consumer = 0] = await pidsOf(world.platform, 'test');
      // What is published now is not taken before there is no room for it.
      process.kill(consumer, 'SIGSTOP');
      try {
        await untilAll(runs, { unit: 'build', statuses: ['success'] });
        await lookUntil({ see: () => lagOf('orchestra.test', 'build_ready'), until: (lag) => lag >= runs.length });
        await tellRedis(world.redis.url, 'CONFIG SET maxmemory 1');
      } finally {
        process.kill(consumer, 'SIGCONT');
      }
      const refused = await shop.offer('while it is full');
      await lookUntil({ see: () => logOf('test'), until: (log) => log.includes('intake rests'), timeoutMs: 60_000 });
      expect(await lagOf('orchestra.test', 'build_ready')).toBeGreaterThanOrEqual(runs.length);
      await tellRedis(world.redis.url, 'CONFIG SET maxmemory 0');

      expect(refused.answer).toMatchObject({ status: 503, runId: null });
      expect(Number(refused.answer.retryAfter)).toBeGreaterThan(0);
      const later = await shop.insist(refused);
      await expectSuccess([...runs, { shop, runId: later.runId }]);
      expect(await deadLetters()).toEqual([]);
    });
  });
}

async function deadLetters(): Promise<string[]> {
  const { records } = await factsOf(world, []);
  return records.map(({ topic }) => topic).filter((topic) => topic.endsWith('.dlq'));
}

async function lagOf(group: string, topic: string): Promise<number> {
  return (await lagsIn(world)).find((one) => one.group === group && one.topic === topic)?.lag ?? 0;
}

// The only replica of a service.
function logOf(service: string): Promise<string> {
  return readFile(join(world.platform.data, 'logs', `${service}-1.log`), 'utf8');
}

interface Of {
  shop: Shop;
  runId: string;
}

async function pushAll(message: string): Promise<Of[]> {
  return Promise.all(shops.map(async (shop) => ({ shop, runId: (await shop.push(message)).runId })));
}

interface Standing {
  unit: string;
  statuses: readonly string[];
  timeoutMs?: number;
}

async function untilAll(runs: readonly Of[], { unit, statuses, timeoutMs = 60_000 }: Standing): Promise<void> {
  await Promise.all(
    runs.map(({ shop, runId }) =>
      lookUntil({
        see: () => shop.look(runId),
        until: (shown) => isIn(shown, unit, statuses),
        timeoutMs,
      }),
    ),
  );
}

async function statusesOf(runs: readonly Of[], unit: string): Promise<(string | null)[]> {
  const shown = await Promise.all(runs.map(({ shop, runId }) => shop.look(runId)));
  return shown.map((one) => one?.run.units[unit]?.status ?? null);
}

// How often the runs changed in all, as far as anybody says.
async function progressOf(runs: readonly Of[]): Promise<number> {
  const shown = await Promise.all(runs.map(({ shop, runId }) => shop.look(runId)));
  return shown.reduce((sum, one) => sum + (one?.run.v ?? 0), 0);
}

async function expectSuccess(runs: readonly Of[]): Promise<void> {
  const statuses = await Promise.all(runs.map(({ shop, runId }) => shop.endOf(runId)));
  expect(statuses).toEqual(runs.map(() => 'success'));
  expect(
    await findViolations(
      world,
      shops.flatMap(({ pushes }) => pushes),
    ),
  ).toEqual([]);
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { startByFirstWay } from './first-way.ts';
import { startKafka } from './kafka.ts';
import type { Neighbour } from './neighbour.ts';
import { startProgram } from './program.ts';
import { startRedis } from './redis.ts';
import { startRegistry } from './registry.ts';
import { waitFor } from './wait-for.ts';

describe('startRedis', () => {
  let redis: Neighbour;
  beforeAll(async () => {
    redis = await startRedis({ fresh: true });
  });
  afterAll(() => redis.stop());

  it('keeps an acknowledged write over a kill and a restart on the same port', async () => {
    const before = new Redis(redis.url);
    await before.set('kept', 'yes');
    before.disconnect();

    await redis.kill();
    await redis.restart();

    const after = new Redis(redis.url);
    expect(await after.get('kept')).toBe('yes');
    expect(await after.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    after.disconnect();
  });

  it('stops twice without complaint', async () => {
    const second = await startRedis({ fresh: true, settings: { appendonly: 'no' } });

    await second.stop();
    await second.stop();

    const { port } = new URL(second.url);
    const client = new Redis(Number(port), { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    await expect(client.connect()).rejects.toThrow('Connection is closed');
  });
});

describe('startKafka', () => {
  it('keeps an acknowledged record over a kill and a restart', async () => {
    const kafka = await startKafka({ fresh: true });
    try {
      const topic = `kept-${randomUUID()}`;
      const client = new Kafka({ brokers: [kafka.url], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
      const admin = client.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic }] });
      const producer = client.producer();
      await producer.connect();
      await producer.send({ topic, acks: -1, messages: [{ value: 'one' }] });
      await producer.disconnect();

      await kafka.restart();

      expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, high: '1' }]);
      await admin.disconnect();
    } finally {
      await kafka.stop();
    }
  });
});

describe('startRegistry', () => {
  it('refuses an incompatible schema with 409', async () => {
    const registry = await startRegistry();
    const register = (type: string) =>
      fetch(`${registry.url}/subjects/${subject}/versions`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        body: JSON.stringify({ schema: JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type }] }) }),
      });
    const subject = `subject-${randomUUID()}`;

    const statuses = [(await register('string')).status, (await register('boolean')).status];

    expect(statuses).toEqual([200, 409]);
    await registry.stop();
  });
});

describe('startByFirstWay', () => {
  it('names the three ways when none works', async () => {
    const start = startByFirstWay({ name: 'Nothing', variable: 'NOTHING_URL', docker: fail, local: fail }, {});

    await expect(start).rejects.toMatchObject({ code: 'NEIGHBOUR_UNAVAILABLE' });
    await expect(start).rejects.toThrow(/environment: NOTHING_URL[^]*Docker: not here[^]*local program: not here/);
  });
});

describe('startProgram', () => {
  it('says what a program printed that ended instead of becoming ready', async () => {
    const folder = `/tmp/orchestra-test-${randomUUID()}`;
    const order = { command: 'sh', args: ['-c', 'echo no luck; exit 3'], folder, isReady: async () => false };

    await expect(startProgram(order)).rejects.toThrow(/no luck/);
  });

  it('does not let a server outlive the process that started it, even by SIGKILL', async () => {
    const door = new URL('redis.ts', import.meta.url).href;
    const code = `import { startRedis } from '${door}'; console.log((await startRedis({ fresh: true })).pid); setInterval(() => {}, 1000)`;
    const args = ['--conditions=source', '--input-type=module', '--eval', code];
    const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(starter.stdout, 'data');
    const pid = Number(String(line));

    starter.kill('SIGKILL');

    const lastSeen = () => `process ${pid}, alive`;
    await waitFor({ check: async () => !isAlive(pid), timeoutMs: 10_000, lastSeen });
    expect(isAlive(pid)).toBe(false);
  });
});

async function fail(): Promise<never> {
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', 'not here');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

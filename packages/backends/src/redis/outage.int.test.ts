import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewJob, RunStore } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { startRedis, type Neighbour } from '@orchestra/testkit/neighbours';
import { Redis } from 'ioredis';
import { createRedisRunStore } from './create-redis-run-store.ts';

const claim = { service: 'build', owner: 'worker', leaseMs: 60_000, except: [], maxStalls: 5 } as const;
const unavailable = { code: 'STORE_UNAVAILABLE', retriable: true };

describe('createRedisRunStore when the server goes away', () => {
  let server: Neighbour;
  let store: RunStore;

  beforeAll(async () => {
    server = await startRedis({ fresh: true });
    store = await createRedisRunStore({ url: server.url, commandTimeoutMs: 1_000 });
    await store.initialize('outage');
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  it('says so at once, goes on by itself, and has everything that it acknowledged', async () => {
    const acknowledged: string[] = [];
    const filling = fill(store, acknowledged);
    await eventually({ see: () => acknowledged.length, until: (count) => count > 50 });

    await server.kill();
    await expect(filling).rejects.toMatchObject(unavailable);
    await expect(store.claim(claim)).rejects.toMatchObject(unavailable);
    await server.restart();

    // The restarted server does not know the scripts any more.
    await eventually({ see: async () => isUp(store), until: (up) => up });
    const { ready } = await store.stats('build');
    expect(ready).toBeGreaterThanOrEqual(acknowledged.length);
    expect(ready).toBeLessThanOrEqual(acknowledged.length + 1);
    expect(await store.readJob(acknowledged.at(-1) ?? '')).toMatchObject({ status: 'queued' });
  });

  it('wakes its listeners when the connection is back, for hints may be lost', async () => {
    let heard = 0;
    store.onWake('test', 'jobs', () => {
      heard += 1;
    });
    await server.restart();

    await eventually({ see: () => heard, until: (times) => times > 0 });
    await eventually({ see: async () => isUp(store), until: (up) => up });
    heard = 0;
    await store.enqueue(aJob('woken', 'test'));

    expect(await eventually({ see: () => heard, until: (times) => times > 0 })).toBeGreaterThan(0);
  });

  it('gives up on a server that takes commands and never answers', async () => {
    const other = new Redis(server.url);
    await other.client('PAUSE', 3_000, 'ALL');

    await expect(store.claim(claim)).rejects.toMatchObject(unavailable);

    other.disconnect();
    await eventually({ see: async () => isUp(store), until: (up) => up });
  });

  it('refuses all steps when the server was emptied', async () => {
    const other = new Redis(server.url);
    await other.flushall();
    other.disconnect();

    await expect(store.claim(claim)).rejects.toMatchObject({ code: 'STORE_NOT_INITIALIZED', retriable: true });
    expect(await store.identity()).toBeNull();
  });
});

async function fill(store: RunStore, acknowledged: string[]): Promise<never> {
  for (let index = 0; ; index += 1) {
    await store.enqueue(aJob(`job-${index}`));
    acknowledged.push(`job-${index}`);
  }
}

async function isUp(store: RunStore): Promise<boolean> {
  try {
    return (await store.identity()) !== null;
  } catch {
    return false;
  }
}

function aJob(jobId: string, service: NewJob['service'] = 'build'): NewJob {
  return {
    jobId,
    service,
    runId: null,
    generation: 1,
    unit: null,
    handler: 'code_push',
    payload: '{}',
    cause: 'event',
    causes: [],
    hops: 0,
    maxAttempts: 1,
    maxMs: 1_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunStore } from '@orchestra/runtime';
import { aFinish, anAdmission, aNewJob } from '@orchestra/testkit';
import { startRedis, type Neighbour } from '@orchestra/testkit/neighbours';
import { Redis } from 'ioredis';
import { createRedisRunStore } from './create-redis-run-store.ts';

const claim = { service: 'build', owner: 'worker', leaseMs: 60_000, except: [], maxStalls: 5 } as const;
const full = { code: 'STORE_UNAVAILABLE', retriable: true };
let server: Neighbour;
let operator: Redis;
let store: RunStore;

beforeAll(async () => {
  server = await startRedis({ fresh: true });
  operator = new Redis(server.url);
  store = await createRedisRunStore({ url: server.url });
  await store.initialize('full');
});

afterAll(async () => {
  await store.close();
  operator.disconnect();
  await server.stop();
});

describe('createRedisRunStore at the limit of its memory', () => {
  it('F11 refuses every step as one to repeat, shows what there is, and goes on where it was when there is room', async () => {
    const admission = anAdmission();
    await store.enqueue(aNewJob({ jobId: 'held' }));
    const held = await store.claim(claim);
    if (held === null) throw new Error('nothing to claim');

    await operator.config('SET', 'maxmemory', '1mb');
    await expect(store.admit(admission)).rejects.toMatchObject(full);
    await expect(store.finish(held, aFinish())).rejects.toMatchObject(full);
    expect(await store.readRun(admission.identity.runId)).toBeNull();
    expect(await store.readJob('held')).toMatchObject({ status: 'running' });
    await operator.config('SET', 'maxmemory', '0');

    expect(await store.finish(held, aFinish())).toBe('finished');
    expect(await store.admit(admission)).toMatchObject({ runId: admission.identity.runId });
  });
});

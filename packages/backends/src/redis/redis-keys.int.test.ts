import { describe, expect, it } from '@jest/globals';
import { emptyFinish, type Finish, type NewJob, type RunStore } from '@orchestra/runtime';
import { Redis } from 'ioredis';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

const day = 24 * 60 * 60_000;

describe('the keys of a Redis store', () => {
  it('of a run that expired are all gone, and so are its marks in what lives on', async () => {
    const { store, keys, advance, close } = await openKeys();
    await live(store, 'run-1');
    expect((await keys('*run-1*')).length).toBeGreaterThan(5);

    await advance(15 * day);
    await store.reap('iac', 10);
    await live(store, 'run-2');

    expect(await keys('*run-1*')).toEqual([]);
    expect(await keys('runs')).toEqual([['runs', 1]]);
    expect(await keys('*:acme/shop')).toEqual([
      ['numbers:acme/shop', 1],
      ['runs:acme/shop', 1],
      ['seq:acme/shop', null],
    ]);
    expect(await keys('parked:iac')).toEqual([['parked:iac', 1]]);
    await close();
  });

  it('are as many after 40 runs that expired as after 10, and no list of them keeps more than those that are left', async () => {
    const { store, keys, advance, close } = await openKeys();

    async function liveAndExpire(names: readonly string[]): Promise<number> {
      for (const name of names) await live(store, name);
      await advance(15 * day);
      while ((await store.reap('iac', 10)) > 0);
      // Each admission takes a few of the expired out of the lists.
      for (let number = 0; number < 10; number += 1) await live(store, `${names[0]}-next-${number}`);
      return (await keys('*')).length;
    }
    const few = await liveAndExpire(numbered('a', 10));
    const many = await liveAndExpire(numbered('b', 40));

    expect(many).toBe(few);
    expect(await keys('numbers:*')).toEqual([['numbers:acme/shop', 10]]);
    expect(await keys('runs')).toEqual([['runs', 10]]);
    await close();
  });
});

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_none, number) => `${name}-${number}`);
}

interface Keys {
  store: RunStore;
  /** Names without the prefix that fit a pattern, in order, and of sorted sets how many members they have. */
  keys(pattern: string): Promise<[name: string, members: number | null][]>;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

async function openKeys(): Promise<Keys> {
  const url = process.env['REDIS_URL'] ?? '';
  const { store, prefix, advance, close } = await openRedisRunStore(url);
  const redis = new Redis(url);
  await store.initialize('keys');

  async function sized(key: string): Promise<[string, number | null]> {
    return [key.slice(prefix.length), (await redis.type(key)) === 'zset' ? await redis.zcard(key) : null];
  }
  return {
    store,
    advance,
    keys: async (pattern) => {
      const found = await redis.keys(prefix + pattern);
      return Promise.all(found.toSorted().map(sized));
    },
    async close() {
      redis.disconnect();
      await close();
    },
  };
}

// A run with all that a run may have; a sleeper outlives its end.
async function live(store: RunStore, runId: string): Promise<void> {
  const identity = {
    runId,
    repository: 'acme/shop',
    ref: 'main',
    branch: 'main',
    commit: 'c0ffee',
    before: null,
    author: 'ada',
    message: null,
    trigger: 'PUSH',
    pullRequest: null,
    cloneUrl: 'https://forge.test/acme/shop.git',
    environmentLimit: null,
    metadata: {},
  } as const;
  const job = aJob({ jobId: `${runId}-first`, service: 'gitops', runId, unit: 'gitops' });
  const limits = { hopsLimit: 1, maxSupersedes: 1, notes: ['unsandboxed'], actor: null };
  await store.admit({ identity, job, delivery: runId, content: runId, ...limits });
  await store.answer(runId, 'key', '1');
  const sleeper = aJob({ jobId: `${runId}-sleeper`, service: 'iac', runId, bound: false, delayMs: 100 * day });
  const input = { unit: 'test', generation: 1, status: 'success', eventId: 'event' } as const;
  await store.accept({ service: 'iac', eventId: 'event', runId, job: sleeper, arm: [], input, follow: false });

  const lease = await store.claim({ service: 'gitops', owner: 'worker', leaseMs: 1_000, except: [], maxStalls: 9 });
  if (lease === null) throw new Error('no job of gitops is due');
  expect(await store.finish(lease, ending)).toBe('finished');
}

const ending: Finish = {
  ...emptyFinish,
  status: 'success',
  slice: { source: '{}' },
  history: [
    {
      id: 'entry',
      at: '2030-01-01T00:00:00.000Z',
      kind: 'act',
      service: 'gitops',
      unit: null,
      generation: 1,
      what: 'ended',
      reason: null,
      causes: [],
      detail: null,
    },
  ],
  wish: { wish: 'halted', reason: 'test' },
  plan: {
    units: [{ unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: 1 }],
    deadlineMs: 1,
    hopsLimit: 1,
  },
};

function aJob(over: Partial<NewJob>): NewJob {
  return {
    jobId: 'job',
    service: 'build',
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
    ...over,
  };
}

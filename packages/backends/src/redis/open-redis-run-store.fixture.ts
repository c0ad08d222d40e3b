import { randomUUID } from 'node:crypto';
import type { RunStore } from '@orchestra/runtime';
import { Redis } from 'ioredis';
import { createRedisRunStore } from './create-redis-run-store.ts';

interface OpenedStore {
  store: RunStore;
  /** What its keys begin with. */
  prefix: string;
  /** Moves the store's clock on, and everything that expires nearer. */
  advance(ms: number): Promise<void>;
  /** Closes the store and removes its keys. */
  close(): Promise<void>;
}

/** Opens an empty store in a room of its own on the server at `url`. For tests. `patienceMs`: for one answer; 5 s by itself. */
export async function openRedisRunStore(url: string, patienceMs = 5_000): Promise<OpenedStore> {
  const prefix = `test:{${randomUUID()}}:`;
  const store = await createRedisRunStore({ url, prefix, commandTimeoutMs: patienceMs });
  const redis = new Redis(url);

  return {
    store,
    prefix,
    async advance(ms) {
      await redis.incrby(`${prefix}clock:offset`, ms);
      // Redis itself knows nothing of the offset.
      for (const key of await keysOf(redis, prefix)) {
        const left = await redis.pttl(key);
        if (left >= 0) await redis.pexpire(key, Math.max(0, left - ms));
      }
    },
    async close() {
      await store.close();
      const keys = await keysOf(redis, prefix);
      if (keys.length > 0) await redis.unlink(keys);
      redis.disconnect();
    },
  };
}

async function keysOf(redis: Redis, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of redis.scanStream({ match: `${prefix}*`, count: 1000 })) keys.push(...page);
  return keys;
}

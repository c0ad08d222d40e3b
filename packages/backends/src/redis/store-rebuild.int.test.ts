import { randomUUID } from 'node:crypto';
import type { RunStore } from '@orchestra/runtime';
import { testStoreRebuild } from '@orchestra/testkit';
import { Redis } from 'ioredis';
import { beginRedisRebuild } from './begin-redis-rebuild.ts';
import { createRedisRunStore } from './create-redis-run-store.ts';

testStoreRebuild('Redis', async () => {
  const url = process.env['REDIS_URL'] ?? '';
  const prefix = `test:{${randomUUID()}}:`;
  const opened: RunStore[] = [];
  return {
    async open() {
      const store = await createRedisRunStore({ url, prefix });
      opened.push(store);
      return store;
    },
    begin: (identity) => beginRedisRebuild({ url, prefix }, identity),
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      const redis = new Redis(url);
      for await (const page of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
        if (page.length > 0) await redis.unlink(page);
      }
      redis.disconnect();
    },
  };
});

import { OrchestraError, type StoreRebuild } from '@orchestra/runtime';
import type { Redis } from 'ioredis';
import { hangUp, openConnection } from './connection.ts';
import { createRedisRunStore, type RedisRunStoreOptions } from './create-redis-run-store.ts';
import { encodeRestored } from './encode-restored.ts';
import { createScriptCaller } from './script-caller.ts';
import { toStoreError } from './store-error.ts';

/**
 * Begins to fill an empty store. Its marker has another name until the commit renames it, so services go on waiting; what a
 * rebuild that failed has left behind is removed first.
 *
 * @param identity of the store that is being filled
 * @throws OrchestraError `STORE_OWNED`, not retriable, when the store has an identity; those of `createRedisRunStore`
 */
export async function beginRedisRebuild(options: RedisRunStoreOptions, identity: string): Promise<StoreRebuild> {
  const { url, prefix = 'do:{do}:', retentionMs = 14 * 86_400_000 } = options;
  const { commandTimeoutMs = 5_000, connectTimeoutMs = 10_000 } = options;
  const store = await createRedisRunStore({ ...options, marker: 'fold' });
  const redis = await openConnection({ url, commandTimeoutMs, connectTimeoutMs });
  const { call } = createScriptCaller(redis, { prefix, retentionMs, marker: 'fold' });
  const close = async (): Promise<void> => {
    await store.close();
    await hangUp(redis);
  };
  try {
    await refuseLiving(redis, prefix);
    await removeAll(redis, prefix);
    // Whoever still works under a token of the lost store must not find it given out again: count from where none has been.
    await redis.set(`${prefix}fence`, Date.now());
    await store.initialize(identity);
  } catch (error) {
    await close();
    throw toStoreError(error);
  }
  return {
    store,
    close,
    async restoreRun(run) {
      await call('restoreRun', encodeRestored(run));
    },
    async commit() {
      const renamed = await redis.renamenx(`${prefix}fold`, `${prefix}meta`).catch(rethrow);
      if (renamed === 0) throw isOwned();
    },
  };
}

async function refuseLiving(redis: Redis, prefix: string): Promise<void> {
  if ((await redis.exists(`${prefix}meta`)) === 1) throw isOwned();
}

// Only under our own prefix: others may use the server too. The clock of tests stays.
async function removeAll(redis: Redis, prefix: string): Promise<void> {
  for await (const page of redis.scanStream({ match: `${escaped(prefix)}*`, count: 1000 })) {
    const keys: string[] = page.filter((key: string) => key !== `${prefix}clock:offset`);
    if (keys.length > 0) await redis.unlink(keys);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[*?[\]\\]/g, String.raw`\$&`);
}

function isOwned(): OrchestraError {
  return new OrchestraError('STORE_OWNED', 'The run store has an identity: it is in use, and is not rebuilt');
}

function rethrow(error: unknown): never {
  throw toStoreError(error);
}

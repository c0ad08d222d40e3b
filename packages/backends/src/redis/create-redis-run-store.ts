import { OrchestraError } from '@orchestra/contracts';
import type { RunStore } from '@orchestra/runtime';
import type { Redis } from 'ioredis';
import { withCheckedArguments } from '../run-store/check-arguments.ts';
import { ensureDurable, hangUp, openConnection, openSubscriber, type ConnectionOptions } from './connection.ts';
import { createJobSteps } from './job-steps.ts';
import { createReads } from './reads.ts';
import { createRelaySteps } from './relay-steps.ts';
import { createRunSteps } from './run-steps.ts';
import { createSampleSteps } from './sample-steps.ts';
import { createScriptCaller } from './script-caller.ts';
import { toStoreError } from './store-error.ts';
import { createWakeHints } from './wake-hints.ts';

export interface RedisRunStoreOptions {
  /** `redis://` or `rediss://`, with user and password where the server asks for them. */
  url: string;
  /** Prefix of all keys, with exactly one hash tag, so that each step stays in one slot. Default `do:{do}:`. */
  prefix?: string;
  /** How long a run is kept after its end, and deliveries after they came. Default 14 days. */
  retentionMs?: number;
  /** A command without an answer fails after this. Default 5 s. */
  commandTimeoutMs?: number;
  /** Default 10 s. */
  connectTimeoutMs?: number;
  /** Works with a server that can lose accepted work. Default false. */
  allowUnsafe?: boolean;
  /** Whose store it is: `meta` (the default) that of the services, `fold` one that a rebuild fills and nobody else sees. */
  marker?: 'meta' | 'fold';
}

/**
 * Connects to Redis (7.0 or later) and serves the run store from it: each step is one Lua script and one round trip, and
 * the time is that of the server.
 *
 * @throws OrchestraError `STORE_UNAVAILABLE` (retriable) without a connection; `STORE_UNSAFE` when the append-only file
 *   is off or the server evicts; `STORE_ARGUMENT_INVALID` when the prefix does not name one slot
 */
export async function createRedisRunStore(options: RedisRunStoreOptions): Promise<RunStore> {
  const { url, prefix = 'do:{do}:', retentionMs = 14 * 86_400_000, allowUnsafe = false } = options;
  const { commandTimeoutMs = 5_000, connectTimeoutMs = 10_000, marker = 'meta' } = options;
  refuseManySlots(prefix);
  const { redis, subscriber } = await connect({ url, commandTimeoutMs, connectTimeoutMs }, allowUnsafe);
  const scripts = createScriptCaller(redis, { prefix, retentionMs, marker });

  return withCheckedArguments({
    ...createIdentity(redis, `${prefix}${marker}`),
    ...createRunSteps(scripts),
    ...createJobSteps(scripts),
    ...createRelaySteps(scripts),
    ...createReads(scripts),
    ...createSampleSteps(scripts),
    ...createWakeHints(subscriber, prefix),
    async close() {
      subscriber.disconnect();
      await hangUp(redis);
    },
  });
}

function refuseManySlots(prefix: string): void {
  if (/^[^{}]*\{[^{}]+\}[^{}]*$/.test(prefix)) return;
  throw new OrchestraError('STORE_ARGUMENT_INVALID', `prefix must have one hash tag, as in do:{do}:, got ${prefix}`);
}

async function connect(options: ConnectionOptions, allowUnsafe: boolean): Promise<{ redis: Redis; subscriber: Redis }> {
  const redis = await openConnection(options);
  try {
    if (!allowUnsafe) await ensureDurable(redis);
    return { redis, subscriber: await openSubscriber(options) };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

function createIdentity(redis: Redis, marker: string): Pick<RunStore, 'identity' | 'initialize'> {
  async function identity(): Promise<string | null> {
    try {
      return await redis.get(marker);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  return {
    identity,
    async initialize(wanted) {
      try {
        await redis.setnx(marker, wanted);
      } catch (error) {
        throw toStoreError(error);
      }
      return (await identity()) ?? wanted;
    },
  };
}

import { OrchestraError } from '@orchestra/contracts';
import { Redis } from 'ioredis';
import { toStoreError } from './store-error.ts';

const longestPauseMs = 2_000;

export interface ConnectionOptions {
  url: string;
  commandTimeoutMs: number;
  connectTimeoutMs: number;
}

/**
 * Opens the connection for steps. A step on a lost connection fails at once instead of waiting in a queue, and nothing is
 * ever sent twice behind the caller's back: a repeated claim would take a second job.
 *
 * @throws OrchestraError `STORE_UNAVAILABLE`, retriable
 */
export async function openConnection(options: ConnectionOptions): Promise<Redis> {
  return open(options, { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 });
}

/**
 * Opens the connection for wake hints; it takes up its subscriptions again after each loss.
 *
 * @throws OrchestraError `STORE_UNAVAILABLE`, retriable
 */
export async function openSubscriber(options: ConnectionOptions): Promise<Redis> {
  return open(options, { maxRetriesPerRequest: null });
}

interface Manners {
  enableOfflineQueue?: boolean;
  autoResendUnfulfilledCommands?: boolean;
  maxRetriesPerRequest: number | null;
}

async function open({ url, commandTimeoutMs, connectTimeoutMs }: ConnectionOptions, manners: Manners): Promise<Redis> {
  let wasOpen = false;
  const redis = new Redis(url, {
    ...manners,
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    // A peer that vanished without a word is given up, or only the keep-alive of the system would tell.
    socketTimeout: 2 * commandTimeoutMs,
    lazyConnect: true,
    // A lost connection comes back by itself; one that never was is the caller's to try again.
    retryStrategy: (times) => (wasOpen ? Math.min(longestPauseMs, 25 * 2 ** times) : null),
  });
  // Every failure reaches whoever waits for a command; without a listener ioredis would print it as well.
  redis.on('error', () => {});
  try {
    await redis.connect();
    wasOpen = true;
    return redis;
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Ends a connection after the steps that are under way. */
export async function hangUp(redis: Redis): Promise<void> {
  try {
    await redis.quit();
  } catch {
    // Nobody is at the other end; there is nothing to wait for.
    redis.disconnect();
  }
}

/**
 * Refuses a server that can lose accepted work.
 *
 * @throws OrchestraError `STORE_UNSAFE`, not retriable, that names what is wrong
 */
export async function ensureDurable(redis: Redis): Promise<void> {
  const said = await readDurability(redis);
  const problems = [
    ...(said.includes('aof_enabled:1') ? [] : ['the append-only file is off']),
    ...(said.includes('maxmemory_policy:noeviction') ? [] : ['maxmemory-policy is not noeviction']),
  ];
  if (problems.length === 0) return;
  throw new OrchestraError('STORE_UNSAFE', `Redis can lose accepted work: ${problems.join(', ')}`);
}

async function readDurability(redis: Redis): Promise<string> {
  try {
    return `${await redis.info('persistence')}\n${await redis.info('memory')}`;
  } catch (error) {
    throw toStoreError(error);
  }
}

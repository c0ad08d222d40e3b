import { Redis } from 'ioredis';

/** The version of a Redis server. */
export async function readRedisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  const facts = await redis.info('server');
  redis.disconnect();
  return /redis_version:(\S+)/.exec(facts)?.[1] ?? 'unknown';
}

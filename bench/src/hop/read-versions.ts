import { Redis } from 'ioredis';
import type { Place } from './place.ts';

/** The versions of the servers that took part. Kafka tells its own nowhere in the protocol: it is the pinned one. */
export async function readVersions({ redisUrl }: Place): Promise<Record<string, string>> {
  const redis = new Redis(redisUrl);
  const facts = await redis.info('server');
  redis.disconnect();
  return { kafka: '4.3.1', redis: /redis_version:(\S+)/.exec(facts)?.[1] ?? 'unknown' };
}

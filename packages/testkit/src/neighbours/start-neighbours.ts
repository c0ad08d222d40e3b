import { delimiter } from 'node:path';
import { ensureBubblewrap } from './bubblewrap.ts';
import { startKafka } from './kafka.ts';
import type { Neighbour } from './neighbour.ts';
import { startRedis } from './redis.ts';
import { startRegistry } from './registry.ts';

/** All that the integration and end-to-end tests need beside the platform. */
export interface Neighbours {
  /** Variables for the tests' environment: three addresses, and a PATH on which `bwrap` is. */
  environment: Record<string, string>;

  /** Stops whatever was started here. */
  stop(): Promise<void>;
}

/**
 * Comes by Kafka, the schema registry, Redis and bubblewrap, all at once.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when one of them cannot be had; nothing is left running then
 */
export async function startNeighbours(): Promise<Neighbours> {
  const starting = [startKafka(), startRegistry(), startRedis()];
  const [servers, [bubblewrap]] = await Promise.all([
    Promise.allSettled(starting),
    Promise.allSettled([ensureBubblewrap()]),
  ]);
  const started = servers.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failures = [...servers, bubblewrap].filter((result) => result.status === 'rejected');
  if (failures[0] !== undefined) {
    await stopAll(started);
    throw failures[0].reason;
  }
  const [kafka, registry, redis] = await Promise.all(starting);
  const environment = {
    KAFKA_BROKERS: kafka?.url ?? '',
    SCHEMA_REGISTRY_URL: registry?.url ?? '',
    REDIS_URL: redis?.url ?? '',
    PATH: `${process.env['PATH']}${delimiter}${bubblewrap.status === 'fulfilled' ? bubblewrap.value : ''}`,
  };
  return { environment, stop: () => stopAll(started) };
}

async function stopAll(neighbours: Neighbour[]): Promise<void> {
  await Promise.all(neighbours.map((neighbour) => neighbour.stop()));
}

import { delimiter } from 'node:path';
import { ensureBubblewrap } from './bubblewrap.ts';
import { startKafka } from './kafka.ts';
import { startKubernetes } from './kubernetes/start-kubernetes.ts';
import type { Neighbour } from './neighbour.ts';
import { startRedis } from './redis.ts';
import { startRegistry } from './registry.ts';

/** All that the integration and end-to-end tests need beside the platform. */
export interface Neighbours {
  /** Variables for the tests' environment: their addresses, and a PATH on which `bwrap` is. */
  environment: Record<string, string>;

  /** Stops whatever was started here. */
  stop(): Promise<void>;
}

// In the order in which they are started.
const variables = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL', 'KUBECONFIG'];

/**
 * Comes by Kafka, the schema registry, Redis, Kubernetes and bubblewrap, all at once.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when one of them cannot be had; nothing is left running then
 */
export async function startNeighbours(): Promise<Neighbours> {
  const starting = [startKafka(), startRegistry(), startRedis(), startKubernetes()];
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
  const urls = (await Promise.all(starting)).map(({ url }) => url);
  const environment = {
    ...Object.fromEntries(variables.map((name, index) => [name, urls[index] ?? ''])),
    PATH: `${process.env['PATH']}${delimiter}${bubblewrap.status === 'fulfilled' ? bubblewrap.value : ''}`,
  };
  return { environment, stop: () => stopAll(started) };
}

async function stopAll(neighbours: Neighbour[]): Promise<void> {
  await Promise.all(neighbours.map((neighbour) => neighbour.stop()));
}

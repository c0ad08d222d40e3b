import { createSystemIds, type Log } from '@orchestra/runtime';
import { createKafkaEventBus, platformTopics, registerSchemas } from '../kafka/index.ts';
import { createRedisRunStore } from '../redis/index.ts';

export interface InitOptions {
  brokers: readonly string[];
  registryUrl: string;
  redisUrl: string;
  /** Replicas of each topic: 3 where there are three brokers. */
  replicas: number;
  allowUnsafe: boolean;
  log: Log;
}

/**
 * The init job: topics, schemas under FULL_TRANSITIVE, and the identity of the store. Safe to repeat.
 *
 * @returns the identity of the store
 * @throws OrchestraError `SCHEMA_INCOMPATIBLE`, `STORE_UNSAFE`, not retriable; `BUS_UNAVAILABLE`, `REGISTRY_UNAVAILABLE`,
 *   `STORE_UNAVAILABLE`, retriable
 */
export async function initDistributed(options: InitOptions): Promise<string> {
  const { brokers, registryUrl, redisUrl, replicas, allowUnsafe, log } = options;
  const bus = createKafkaEventBus({ brokers, clientId: 'orchestra-init', log, settings: { replicas } });
  const store = await createRedisRunStore({ url: redisUrl, allowUnsafe });
  try {
    await bus.ensureTopics(platformTopics());
    await registerSchemas({ url: registryUrl });
    return await store.initialize(createSystemIds().next());
  } finally {
    await bus.close();
    await store.close();
  }
}

import {
  OrchestraError,
  createSystemClock,
  createSystemIds,
  type Backends,
  type Log,
  type RuntimeEnv,
} from '@orchestra/runtime';
import { createFolderArtifactStore, createFolderLogStore } from '../filesystem/index.ts';
import { createKafkaEventBus, createRegistryCodec, type KafkaSettings } from '../kafka/index.ts';
import { createRedisRunStore } from '../redis/index.ts';

/** The backends of one service process, and what closes them. */
export interface Distributed extends Backends {
  close(): Promise<void>;
}

/**
 * Opens the distributed form for one service: Kafka, schema registry, Redis, shared folders. It makes nothing: topics,
 * schemas and the store's identity come from the init job.
 *
 * @throws OrchestraError `SCHEMA_MISSING`, `STORE_UNSAFE`, not retriable; `REGISTRY_UNAVAILABLE`, `STORE_UNAVAILABLE`, retriable
 */
export async function openDistributed(config: RuntimeEnv, log: Log): Promise<Distributed> {
  const codec = createRegistryCodec({ url: config.SCHEMA_REGISTRY_URL });
  await codec.lookUp();
  const store = await createRedisRunStore({ url: config.REDIS_URL, allowUnsafe: config.ALLOW_UNSAFE_STORE });
  if ((await store.identity()) === null) {
    throw new OrchestraError('STORE_NOT_INITIALIZED', 'The run store has no identity: run `orchestra init` first');
  }
  const bus = createKafkaEventBus({
    brokers: config.KAFKA_BROKERS,
    clientId: `orchestra-${process.pid}`,
    log,
    settings: kafkaSettings(config),
  });
  return {
    store,
    bus,
    codec,
    artifacts: createFolderArtifactStore({ folder: config.ARTIFACTS_DIR }),
    logs: createFolderLogStore({ folder: config.LOGS_DIR }),
    clock: createSystemClock(),
    ids: createSystemIds(),
    notes: config.ALLOW_UNSAFE_STORE ? ['unsafe_store_allowed'] : [],
    async close() {
      await bus.close();
      await store.close();
    },
  };
}

// The heartbeat keeps the ratio to the session that was measured to hold under load.
function kafkaSettings({ SESSION_MS: sessionTimeoutMs }: RuntimeEnv): Partial<KafkaSettings> {
  return { sessionTimeoutMs, heartbeatMs: Math.max(100, Math.floor(sessionTimeoutMs / 7)) };
}

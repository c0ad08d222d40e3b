import type { Log, RuntimeEnv } from '@orchestra/runtime';
import { createFolderArtifactStore } from '../filesystem/index.ts';
import { createKafkaEventBus, createRegistryCodec } from '../kafka/index.ts';
import type { RebuildRoom } from '../rebuild-room.ts';
import { beginRedisRebuild } from '../redis/index.ts';

type Places = Pick<
  RuntimeEnv,
  'KAFKA_BROKERS' | 'SCHEMA_REGISTRY_URL' | 'REDIS_URL' | 'ARTIFACTS_DIR' | 'ALLOW_UNSAFE_STORE'
>;

/**
 * Opens the servers of a distributed platform for a rebuild of its store. Services may run meanwhile: without an identity of
 * the store they wait.
 *
 * @throws OrchestraError `SCHEMA_MISSING`, not retriable; `REGISTRY_UNAVAILABLE`, retriable
 */
export async function openDistributedRebuild(places: Places, log: Log): Promise<RebuildRoom> {
  const codec = createRegistryCodec({ url: places.SCHEMA_REGISTRY_URL });
  await codec.lookUp();
  const bus = createKafkaEventBus({ brokers: places.KAFKA_BROKERS, clientId: 'orchestra-rebuild', log });
  const redis = { url: places.REDIS_URL, allowUnsafe: places.ALLOW_UNSAFE_STORE };
  return {
    bus,
    codec,
    artifacts: createFolderArtifactStore({ folder: places.ARTIFACTS_DIR }),
    begin: (identity) => beginRedisRebuild(redis, identity),
    close: () => bus.close(),
  };
}

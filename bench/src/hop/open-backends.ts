import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderArtifactStore, createFolderLogStore } from '@orchestra/backends/filesystem';
import { createKafkaEventBus } from '@orchestra/backends/kafka';
import { createRedisRunStore } from '@orchestra/backends/redis';
import { createLocalCodec } from '@orchestra/contracts';
import { createLog, createSystemClock, createSystemIds, type Backends } from '@orchestra/runtime';
import type { Place } from './place.ts';

/** A log that says on stderr what goes wrong, and nothing else. */
export const benchLog = createLog({ service: 'bench', level: 'error', destination: 2 });

/**
 * The backends of the distributed form, on a prefix of their own. Only the codec is the local one: with a registry it
 * works the same once the ids are known, and a third server would take the cores away from what is measured.
 */
export async function openBackends(place: Place): Promise<Backends & { close(): Promise<void> }> {
  const store = await createRedisRunStore({ url: place.redisUrl, prefix: place.prefix });
  const bus = createKafkaEventBus({
    brokers: [place.brokers],
    clientId: `bench-runtime-${process.pid}`,
    log: benchLog,
    settings: { replicas: 1 },
  });
  const folder = join(tmpdir(), `orchestra-bench-${process.pid}`);
  return {
    store,
    bus,
    codec: createLocalCodec(),
    artifacts: createFolderArtifactStore({ folder: join(folder, 'artifacts') }),
    logs: createFolderLogStore({ folder: join(folder, 'logs') }),
    clock: createSystemClock(),
    ids: createSystemIds(),
    notes: [],
    async close() {
      await bus.close();
      await store.close();
    },
  };
}

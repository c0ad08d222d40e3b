import { resolve } from 'node:path';
import { openDistributedRebuild } from '@orchestra/backends/distributed';
import { openEmbeddedRebuild, type RebuildRoom } from '@orchestra/backends/embedded';
import { openMemoryRebuild } from '@orchestra/backends/sqlite';
import type { ServiceName, Topic } from '@orchestra/contracts';
import {
  createLog,
  createStandingClock,
  parseEnv,
  readEvents,
  runtimeEnv,
  type RangeStart,
  type Replayed,
} from '@orchestra/runtime';
import { replayService } from './replay-service.ts';

interface From {
  topic: Topic;
  service: ServiceName;
  from: RangeStart;
  data: string;
  distributed?: boolean;
}

/**
 * Replays the events of a topic that a platform holds.
 *
 * @throws OrchestraError `CONFIG_INVALID`, `NOT_FOUND` or `STORE_OWNED` when the platform's records cannot be reached
 */
export async function replayFrom(
  { topic, service, from, data, distributed }: From,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Replayed[]> {
  const room =
    distributed === true ? await openServers(environment) : await openEmbeddedRebuild({ folder: resolve(data) });
  try {
    const { bus, codec, artifacts } = room;
    const { events } = await readEvents({ bus, codec });
    const chosen = new Set((await readEvents({ bus, codec, topics: [topic], from })).events.map(({ id }) => id));
    return await replayService(service, {
      events,
      chosen: (event) => event.topic === topic && chosen.has(event.id),
      artifacts,
      codec,
      openStore: (now) => openMemoryRebuild(createStandingClock(now)),
    });
  } finally {
    await room.close();
  }
}

async function openServers(environment: Readonly<Record<string, string | undefined>>): Promise<RebuildRoom> {
  const places = runtimeEnv.pick({
    KAFKA_BROKERS: true,
    SCHEMA_REGISTRY_URL: true,
    REDIS_URL: true,
    ARTIFACTS_DIR: true,
    ALLOW_UNSAFE_STORE: true,
    LOG_LEVEL: true,
  });
  const config = parseEnv('orchestra replay', places, environment);
  return openDistributedRebuild(config, createLog({ service: 'replay', level: config.LOG_LEVEL, destination: 2 }));
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { createSystemClock, createSystemIds } from '@orchestra/runtime';
import { createMemoryArtifacts, testRunningServices } from '@orchestra/testkit';
import { startKafka, type Neighbour } from '@orchestra/testkit/neighbours';
import { createRegistryCodec, platformTopics, registerSchemas } from '../kafka/index.ts';
import { open as openBus } from '../kafka/open-kafka-event-bus.fixture.ts';
import { openRedisRunStore } from '../redis/open-redis-run-store.fixture.ts';

const registry = { url: process.env['SCHEMA_REGISTRY_URL'] ?? '' };
const redis = process.env['REDIS_URL'] ?? '';
// The services' topics and groups have fixed names: a Kafka that nobody else reads, and one store for all of its records.
let kafka: Neighbour;
let room: Awaited<ReturnType<typeof openRedisRunStore>>;

beforeAll(async () => {
  kafka = await startKafka({ fresh: true });
  const bus = await openBus(kafka.url);
  await bus.ensureTopics(platformTopics());
  await bus.close();
  await registerSchemas(registry);
  room = await openRedisRunStore(redis);
  await room.store.initialize(randomUUID());
}, 120_000);

afterAll(async () => {
  await room.close();
  await kafka.stop();
});

testRunningServices('Kafka, Redis and the registry', async () => {
  const bus = await openBus(kafka.url);
  const codec = createRegistryCodec(registry);
  await codec.lookUp();
  return {
    store: room.store,
    bus,
    codec,
    artifacts: createMemoryArtifacts(),
    logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
    clock: createSystemClock(),
    ids: createSystemIds(),
    notes: [],
    close: () => bus.close(),
  };
});

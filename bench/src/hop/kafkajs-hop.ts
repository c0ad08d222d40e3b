import { defaultKafkaSettings as settings } from '@orchestra/backends/kafka';
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners, type EachMessagePayload } from 'kafkajs';
import { topicsOf, type HopKind, type Place } from './place.ts';

/** What is done with a record between consuming it and producing the next one. */
type Between = (key: string, value: Buffer) => Promise<void>;

/** The yardsticks: kafkajs as one would write it, under the settings of our bus. Returns what stops it. */
export async function startKafkajsHop(kind: Exclude<HopKind, 'runtime'>, place: Place): Promise<() => Promise<void>> {
  const { from, to } = topicsOf(kind);
  const kafka = new Kafka({ clientId: `bench-${kind}`, brokers: [place.brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const consumer = kafka.consumer({
    groupId: `bench.${kind}`,
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    maxWaitTimeInMs: settings.maxWaitMs,
    allowAutoTopicCreation: false,
  });
  const { between, close } = await openBetween(kind, place);

  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: [from], fromBeginning: true });
  const joined = new Promise((resolve) => {
    consumer.on(consumer.events.FETCH, resolve);
  });
  await consumer.run({
    partitionsConsumedConcurrently: settings.partitionsConcurrently,
    autoCommitInterval: settings.commitEveryMs,
    autoCommitThreshold: settings.commitEveryRecords,
    eachMessage: pass,
  });
  await joined;
  return async () => {
    await consumer.disconnect();
    await producer.disconnect();
    await close();
  };

  async function pass({ message: { key, value } }: EachMessagePayload): Promise<void> {
    if (key === null || value === null) return;
    await between(key.toString(), value);
    await producer.send({ topic: to, acks: -1, messages: [{ key, value }] });
  }
}

async function openBetween(
  kind: HopKind,
  { redisUrl, prefix }: Place,
): Promise<{ between: Between; close: () => Promise<void> }> {
  if (kind === 'bare') return { between: async () => {}, close: async () => {} };
  const redis = new Redis(redisUrl);
  return {
    // Our durability by hand: it came, it is being worked at, this is its result.
    async between(key, value) {
      await redis.hset(`${prefix}${key}`, 'status', 'queued', 'payload', value);
      await redis.hset(`${prefix}${key}`, 'status', 'running');
      await redis.hset(`${prefix}${key}`, 'status', 'done', 'result', value);
    },
    close: async () => redis.disconnect(),
  };
}

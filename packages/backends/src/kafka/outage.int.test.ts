import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventBus, IncomingRecord, Subscription } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { type Neighbour, startKafka } from '@orchestra/testkit/neighbours';
import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { createKafkaEventBus } from './kafka-event-bus.ts';
import { open, quickSettings } from './open-kafka-event-bus.fixture.ts';
import type { BusLog } from './settings.ts';

const brokers = process.env['KAFKA_BROKERS'] ?? '';
const opened: EventBus[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (bus) => bus.close()));
});

describe('createKafkaEventBus when the broker goes away', () => {
  let kafka: Neighbour;

  beforeAll(async () => {
    kafka = await startKafka({ fresh: true });
  });
  afterAll(async () => kafka.stop());

  it('F6 refuses to publish meanwhile, shows the age of the last fetch, and goes on by itself without a loss', async () => {
    const { bus, topic, seen, subscription } = await aReader(kafka.url);
    await bus.publish([record(topic, 'before')]);
    await eventually({ see: () => seen, until: (values) => values.includes('before') });

    await kafka.kill();
    await expect(bus.publish([record(topic, 'meanwhile')])).rejects.toMatchObject({
      code: 'BUS_UNAVAILABLE',
      retriable: true,
    });
    await eventually({ see: () => subscription.fetchAgeMs(), until: (age) => age > 2_000 });
    await kafka.restart();

    // The relay sends what was not acknowledged again until it is.
    for (const value of ['meanwhile', 'after']) await publishUntilAcknowledged(bus, topic, value);
    await eventually({ see: () => seen, until: (values) => values.includes('after'), timeoutMs: 30_000 });
    expect(seen).toContain('meanwhile');
    await eventually({ see: () => subscription.fetchAgeMs(), until: (age) => age < 1_000 });
  });

  it('stops a consumer while the broker is away', async () => {
    const { subscription } = await aReader(kafka.url);

    await kafka.kill();
    await subscription.stop();
    await kafka.restart();

    expect(subscription.fetchAgeMs()).toBeGreaterThan(0);
  });
});

describe('createKafkaEventBus', () => {
  it('reports a consumer that ended for good', async () => {
    // The broker refuses a session this short; no restart helps.
    const said: string[] = [];
    const bus = openWith({ sessionTimeoutMs: 10, heartbeatMs: 5 }, said);
    const topic = `test-${randomUUID()}`;
    await bus.ensureTopics([topic]);

    const subscription = await bus.subscribe({
      group: topic,
      topics: [topic],
      restMs: 100,
      onRecord: async () => 'done',
    });

    await expect(subscription.crashed).rejects.toMatchObject({ code: 'BUS_CRASHED', retriable: false });
    await expect(subscription.joined()).rejects.toMatchObject({ code: 'BUS_CRASHED' });
    expect(said).toContain('the Kafka client reports a failure');
  });

  it('passes on a record without key and value, which only others can write', async () => {
    const records: IncomingRecord[] = [];
    const { topic } = await aReader(brokers, records);
    const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
    await producer.connect();

    await producer.send({ topic, messages: [{ key: null, value: null }] });
    await producer.disconnect();

    const [first] = await eventually({ see: () => records, until: ({ length }) => length > 0 });
    expect(first).toMatchObject({ key: null, value: null, headers: {} });
  });

  it('makes topics with the settings of the table', async () => {
    const bus = openWith({}, []);
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();

    await bus.ensureTopics(['deployment_triggered', 'deployment_triggered.dlq']);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: 'deployment_triggered', configNames: ['retention.ms'] }],
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: ['deployment_triggered.dlq'] });
    await admin.disconnect();

    expect(resources[0]?.configEntries[0]?.configValue).toBe('-1');
    expect(topics[0]?.partitions).toHaveLength(1);
  });
});

interface Reading {
  bus: EventBus;
  topic: string;
  seen: string[];
  subscription: Subscription;
}

async function aReader(at: string, records: IncomingRecord[] = []): Promise<Reading> {
  const bus = await open(at);
  opened.push(bus);
  const topic = `test-${randomUUID()}`;
  const seen: string[] = [];
  await bus.ensureTopics([topic]);
  const subscription = await bus.subscribe({
    group: topic,
    topics: [topic],
    restMs: 100,
    onRecord: async (one) => {
      records.push(one);
      seen.push(String(one.value));
      return 'done';
    },
  });
  await subscription.joined();
  return { bus, topic, seen, subscription };
}

function record(topic: string, value: string): Parameters<EventBus['publish']>[0][number] {
  return { topic, key: 'k', value: Buffer.from(value), headers: {} };
}

async function publishUntilAcknowledged(bus: EventBus, topic: string, value: string): Promise<void> {
  const publish = async (): Promise<boolean> =>
    bus.publish([record(topic, value)]).then(
      () => true,
      () => false,
    );
  await eventually({ see: publish, until: (acknowledged) => acknowledged, timeoutMs: 30_000 });
}

function openWith(settings: typeof quickSettings, said: string[]): EventBus {
  const say = (_: object, message: string): void => void said.push(message);
  const log: BusLog = { debug: say, info: say, warn: say, error: say };
  const clientId = 'orchestra-test';
  const bus = createKafkaEventBus({
    brokers: brokers.split(','),
    clientId,
    log,
    settings: { ...quickSettings, ...settings },
  });
  opened.push(bus);
  return bus;
}

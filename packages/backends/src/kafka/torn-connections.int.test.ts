import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createSystemClock, type EventBus, type Subscription, type Taken } from '@orchestra/runtime';
import { eventually, startTcpProxy, type TcpProxy } from '@orchestra/testkit';
import { findFreePort, startKafka, type Neighbour } from '@orchestra/testkit/neighbours';
import { randomUUID } from 'node:crypto';
import { createSqliteRunStore, openDatabase } from '../sqlite/index.ts';
import { createKafkaEventBus } from './kafka-event-bus.ts';
import { quickSettings } from './open-kafka-event-bus.fixture.ts';

// An answer that is missed costs as long as the client waits for it.
const settings = { ...quickSettings, connectTimeoutMs: 500, requestTimeoutMs: 1_500 };
const laterThanAwaitedMs = settings.connectTimeoutMs;
const senders = 8;
const cuts = 15;
const opened: EventBus[] = [];
let kafka: Neighbour;
let proxy: TcpProxy;

beforeAll(async () => {
  const port = await findFreePort();
  // The broker tells its clients the address of the proxy, or they would go round it.
  kafka = await startKafka({ fresh: true, settings: { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}` } });
  proxy = await startTcpProxy({ target: kafka.url, port });
});

afterEach(async () => {
  proxy.behave('pass');
  proxy.delay(0);
  await Promise.all(opened.splice(0).map(async (bus) => bus.close()));
});

afterAll(async () => {
  await proxy.close();
  await kafka.stop();
});

describe('createKafkaEventBus on connections that break', () => {
  it.each([
    ['come later than it waits for them', () => proxy.delay(laterThanAwaitedMs)],
    ['are swallowed', () => proxy.behave('swallow_answers')],
    ['and its own words get lost without a sign', () => proxy.behave('half_open')],
  ])('F6 goes on by itself after a time in which the answers of the broker %s', async (_what, misbehave) => {
    const { bus, topic, seen, subscription, crashed } = await aReader();
    await publishUntilAcknowledged(bus, topic, 'before');

    misbehave();
    proxy.reset();
    const meanwhile = publishUntilAcknowledged(bus, topic, 'meanwhile');
    await eventually({ see: () => subscription.fetchAgeMs(), until: (age) => age > 4_000 });
    proxy.delay(0);
    proxy.behave('pass');

    await meanwhile;
    await publishUntilAcknowledged(bus, topic, 'after');
    await eventually({ see: () => new Set(seen), until: (values) => values.size === 3, timeoutMs: 30_000 });
    expect(crashed()).toBe(false);
  });

  it('F7 joins in the end although its connections are cut again and again while it joins', async () => {
    const { bus, topic, seen, crashed } = await aReader();

    for (let cut = 0; cut < cuts; cut += 1) {
      await eventually({ see: () => proxy.connections(), until: (count) => count > 0 });
      proxy.reset();
    }

    await publishUntilAcknowledged(bus, topic, 'after');
    await eventually({ see: () => seen, until: (values) => values.includes('after'), timeoutMs: 30_000 });
    expect(crashed()).toBe(false);
  });

  it('F6 loses nothing that was acknowledged when connections are cut in the middle of acknowledgements, and what comes twice is taken once', async () => {
    const { topic, seen, taken } = await aReader();
    const acknowledged: string[] = [];
    const over = new AbortController();
    const sending = Array.from({ length: senders }, async (_, sender) => {
      const bus = open();
      for (let number = 0; !over.signal.aborted; number += 1) {
        const id = `${sender}-${number}`;
        await publishUntilAcknowledged(bus, topic, id);
        acknowledged.push(id);
      }
    });

    for (let cut = 0; cut < cuts; cut += 1) {
      const [sent, swallowed] = [acknowledged.length, proxy.swallowed()];
      await eventually({ see: () => acknowledged.length, until: (count) => count > sent });
      proxy.behave('swallow_answers');
      await eventually({ see: () => proxy.swallowed(), until: (count) => count > swallowed });
      proxy.reset();
      proxy.behave('pass');
    }
    over.abort();
    await Promise.all(sending);

    const known = await eventually({
      see: () => new Set(seen),
      until: (values) => acknowledged.every((id) => values.has(id)),
      timeoutMs: 30_000,
    });
    expect(known.size).toBe(acknowledged.length);
    expect(taken.filter((word) => word === 'accepted')).toHaveLength(acknowledged.length);
    expect(taken.filter((word) => word === 'dup')).toHaveLength(seen.length - known.size);
    process.stderr.write(`${acknowledged.length} acknowledged, 0 lost, ${seen.length - known.size} came twice\n`);
  });
});

// An event of which a service only remembers that it came.
const noted = { service: 'build', runId: null, job: null, arm: [], input: null, follow: false } as const;

interface Reading {
  bus: EventBus;
  topic: string;
  seen: string[];
  /** What a store said of each of them. */
  taken: Taken[];
  subscription: Subscription;
  crashed(): boolean;
}

async function aReader(): Promise<Reading> {
  const bus = open();
  const topic = `test-${randomUUID()}`;
  const seen: string[] = [];
  const taken: Taken[] = [];
  const store = createSqliteRunStore({ database: openDatabase({ file: ':memory:', clock: createSystemClock() }) });
  await store.initialize('torn connections');
  await bus.ensureTopics([topic]);
  const subscription = await bus.subscribe({
    group: topic,
    topics: [topic],
    restMs: 100,
    onRecord: async ({ value }) => {
      const eventId = String(value);
      taken.push(await store.accept({ ...noted, eventId }));
      seen.push(eventId);
      return 'done';
    },
  });
  let crashed = false;
  subscription.crashed.catch(() => {
    crashed = true;
  });
  await subscription.joined();
  return { bus, topic, seen, taken, subscription, crashed: () => crashed };
}

function open(): EventBus {
  const bus = createKafkaEventBus({ brokers: [proxy.address], clientId: 'orchestra-test', settings });
  opened.push(bus);
  return bus;
}

// As the relay does: every error means later.
async function publishUntilAcknowledged(bus: EventBus, topic: string, value: string): Promise<void> {
  const records = [{ topic, key: value, value: Buffer.from(value), headers: {} }];
  const publish = async (): Promise<boolean> =>
    bus.publish(records).then(
      () => true,
      () => false,
    );
  await eventually({ see: publish, until: (acknowledged) => acknowledged, timeoutMs: 40_000 });
}

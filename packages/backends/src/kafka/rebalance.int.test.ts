import { describe, expect, it } from '@jest/globals';
import type { EventBus, IncomingRecord, Intake, OutgoingRecord } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { randomUUID } from 'node:crypto';
import { open } from './open-kafka-event-bus.fixture.ts';

const brokers = process.env['KAFKA_BROKERS'] ?? '';
const keys = 30;
const rounds = 40;
const churns = 8;

describe('createKafkaEventBus while members join and leave', () => {
  it('F7 loses no record and keeps the order of each key, also of those that came later', async () => {
    const topic = `test-${randomUUID()}`;
    const publisher = await open(brokers);
    await publisher.ensureTopics([topic]);
    const group = createWatchedGroup(topic);
    await group.join();

    for (let round = 1; round <= rounds; round += 1) {
      await publisher.publish(recordsOfRound(topic, round));
      if (round % (rounds / churns) === 0) await group.join();
      if (round % (rounds / churns) === 2) await group.leave();
    }
    await eventually({ see: group.count, until: (count) => count >= keys * rounds, timeoutMs: 40_000 });
    await group.close();
    await publisher.close();

    expect(group.count()).toBe(keys * rounds);
    expect(group.gaps).toEqual([]);
    expect(group.postponed()).toBeGreaterThan(10);
  });
});

interface WatchedGroup {
  join(): Promise<void>;
  /** The oldest member leaves, unless it is the last one. */
  leave(): Promise<void>;
  /** How many different records were done. */
  count(): number;
  postponed(): number;
  /** Records that were done before the one that stands before them. */
  gaps: readonly string[];
  close(): Promise<void>;
}

function createWatchedGroup(topic: string): WatchedGroup {
  const members: EventBus[] = [];
  const done = new Set<string>();
  const postponed = new Set<string>();
  const gaps: string[] = [];

  async function onRecord({ value }: IncomingRecord): Promise<Intake> {
    const text = String(value);
    const [key = '', round = ''] = text.split('-');
    if (Number(round) % 13 === Number(key) % 13 && !postponed.has(text)) {
      postponed.add(text);
      return 'later';
    }
    if (round !== '1' && !done.has(`${key}-${Number(round) - 1}`)) gaps.push(text);
    done.add(text);
    return 'done';
  }

  return {
    join: async () => {
      const bus = await open(brokers);
      members.push(bus);
      const subscription = await bus.subscribe({ group: topic, topics: [topic], restMs: 50, onRecord });
      await subscription.joined();
    },
    leave: async () => {
      if (members.length > 1) await members.shift()?.close();
    },
    count: () => done.size,
    postponed: () => postponed.size,
    gaps,
    close: async () => {
      await Promise.all(members.map(async (bus) => bus.close()));
    },
  };
}

function recordsOfRound(topic: string, round: number): OutgoingRecord[] {
  return Array.from({ length: keys }, (_, key) => ({
    topic,
    key: String(key),
    value: Buffer.from(`${key}-${round}`),
    headers: {},
  }));
}

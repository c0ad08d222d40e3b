import { OrchestraError } from '@orchestra/contracts';
import type { EventBus, OutgoingRecord, Subscribe, Subscription } from '@orchestra/runtime';
import type { Database } from '../database.ts';
import { readRange } from './read-range.ts';
import { requireTopic } from './require-topic.ts';
import { followTopic, topicWake, type Follower } from './follow-topic.ts';
import { createTurns } from './turns.ts';

export interface SqliteEventBusOptions {
  database: Database;
  /** How long a record is kept that every known group has read. Topics that are kept for ever are. Default: 7 days. */
  keepMs?: number;
}

/**
 * Creates the event bus of the embedded form: a table of records, one cursor a group and topic. Publishing wakes the
 * readers at once. `close` ends all subscriptions, not the database, which the run store shares.
 */
export function createSqliteEventBus({ database, keepMs = 7 * 86_400_000 }: SqliteEventBusOptions): EventBus {
  const turns = createTurns();
  const subscriptions = new Set<Subscription>();
  return {
    async ensureTopics(topics) {
      await guarded(() =>
        database.step(() => {
          for (const topic of topics) database.run('INSERT OR IGNORE INTO bus_topics VALUES (?)', [topic]);
        }),
      );
    },
    async publish(records) {
      await guarded(() => database.step(() => storeRecords(database, records)));
      database.wakes.wake(records.map(({ topic }) => topicWake(topic)));
    },
    async subscribe(wanted) {
      await guarded(() => database.step(() => joinGroup(database, wanted)));
      const followers = wanted.topics.map((topic) => followTopic({ database, turns, wanted, topic, keepMs }));
      const subscription = createSubscription(followers, () => subscriptions.delete(subscription));
      subscriptions.add(subscription);
      return subscription;
    },
    read: async (range) => guarded(() => readRange(database, range)),
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    },
  };
}

function storeRecords(database: Database, records: readonly OutgoingRecord[]): void {
  const at = database.nowMs();
  for (const { topic, key, value, headers } of records) {
    requireTopic(database, topic);
    database.run('INSERT INTO bus_records (topic, key, value, headers, at) VALUES (?, ?, ?, ?, ?)', [
      topic,
      Buffer.from(key),
      value,
      JSON.stringify(headers),
      at,
    ]);
  }
}

function joinGroup(database: Database, { group, topics }: Subscribe): void {
  for (const topic of topics) {
    requireTopic(database, topic);
    // A new group begins with the oldest record.
    database.run('INSERT OR IGNORE INTO bus_cursors VALUES (?, ?, 0)', [group, topic]);
  }
}

function createSubscription(followers: readonly Follower[], ended: () => void): Subscription {
  const crashed = Promise.race(followers.map((follower) => follower.crashed));
  // Who does not listen must not be ended by it.
  crashed.catch(() => undefined);
  return {
    fetchAgeMs: () => Math.max(0, ...followers.map((follower) => follower.fetchAgeMs())),
    joined: async () => {
      await Promise.race([Promise.all(followers.map((follower) => follower.joined)), crashed]);
    },
    crashed,
    pause(paused) {
      for (const follower of followers) follower.pause(paused);
    },
    async stop() {
      await Promise.all(followers.map((follower) => follower.stop()));
      ended();
    },
  };
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'STORE_UNAVAILABLE') throw error;
    throw new OrchestraError('BUS_UNAVAILABLE', error.message, { retriable: true, cause: error });
  }
}

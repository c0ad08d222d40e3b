import type { TopicRange } from './topic-range.ts';

/** A record to publish. `value` is the framed Avro body and never empty. */
export interface OutgoingRecord {
  topic: string;
  key: string;
  value: Buffer;
  headers: Readonly<Record<string, string>>;
}

/** A record as it came. `value` and `key` are untouched bytes, so a dead letter can keep them. */
export interface IncomingRecord {
  topic: string;
  partition: number;
  /** Position in the partition, as a decimal string. */
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Readonly<Record<string, string>>;
  timestamp: Date;
}

/** `done`: the position may move on. `later`: nothing is committed, the partition rests and the record comes again. */
export type Intake = 'done' | 'later';

export interface Subscription {
  /** Milliseconds since the bus last answered a fetch: the sign of life that `/livez` shows. */
  fetchAgeMs(): number;
  /** Resolves when the group has joined and the first fetch was answered. */
  joined(): Promise<void>;
  /** Rejects when the consumer has ended for good; the process then ends as well. Never resolves otherwise. */
  crashed: Promise<never>;
  /** While true no record is given out; the bus keeps them. */
  pause(paused: boolean): void;
  /** Finishes the record in hand, commits, leaves the group. */
  stop(): Promise<void>;
}

export interface Subscribe {
  /** The consumer group, `orchestra.<service>`. */
  group: string;
  topics: readonly string[];
  /** Called for one record of a key at a time, in the order of its key. A rejection counts as `later`. */
  onRecord(record: IncomingRecord): Promise<Intake>;
  /** How long a partition rests after `later`. */
  restMs: number;
}

/**
 * At-least-once delivery of records by topic. Records of one key keep their order; across keys and topics there is none.
 * Every send error means "later": the same records are published again, and consumers drop duplicates by event id.
 */
export interface EventBus {
  /** Makes topics that do not exist yet. Safe to repeat. */
  ensureTopics(topics: readonly string[]): Promise<void>;
  /**
   * Resolves when all records are durable.
   * @throws OrchestraError `BUS_UNAVAILABLE`, retriable; some of the records may have arrived
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** @throws OrchestraError `TOPIC_MISSING` when a topic does not exist. */
  subscribe(subscribe: Subscribe): Promise<Subscription>;
  /**
   * Reads what is in some topics now, for people and for a rebuild: outside of any group, so no position moves and no
   * consumer notices. Resolves behind the newest record that was there when it began; records that come later are left out.
   * @throws OrchestraError `TOPIC_MISSING`; `BUS_UNAVAILABLE`, retriable: some of the records were given out
   */
  read(range: TopicRange): Promise<void>;
  close(): Promise<void>;
}

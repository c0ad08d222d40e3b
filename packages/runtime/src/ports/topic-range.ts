import type { IncomingRecord } from './event-bus.ts';

/**
 * Where reading begins. `offset`: at this position of one partition, and at the oldest record of the others; on an embedded
 * bus the positions of all topics are one count. `time`: at the first record of each partition that is not older.
 */
export type RangeStart =
  | { kind: 'oldest' }
  | { kind: 'offset'; partition: number; offset: string }
  | { kind: 'time'; at: Date };

/** A part of some topics to read once: from its start to what was the newest record when the reading began. */
export interface TopicRange {
  topics: readonly string[];
  from: RangeStart;
  /** Called for one record of a partition after the other, in the order of the partition. A rejection ends the reading. */
  onRecord(record: IncomingRecord): Promise<void>;
}

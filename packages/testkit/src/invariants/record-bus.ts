import type { EventBus, IncomingRecord } from '@orchestra/runtime';

export interface RecordedBus {
  bus: EventBus;
  /** All that was published through it, in its order; also what the bus itself has trimmed since. */
  records: readonly IncomingRecord[];
}

/** A bus that remembers what is published, so that a checker can read the topics whole. `now` gives the time of a record. */
export function recordBus(bus: EventBus, now: () => Date): RecordedBus {
  const records: IncomingRecord[] = [];
  return {
    records,
    bus: {
      ...bus,
      async publish(published) {
        await bus.publish(published);
        const first = records.length;
        const kept = published.map(({ topic, key, value, headers }, index) => {
          const place = { topic, partition: 0, offset: String(first + index) };
          return { ...place, key: Buffer.from(key), value, headers: { ...headers }, timestamp: now() };
        });
        records.push(...kept);
      },
    },
  };
}

import type { EventBus, IncomingRecord, TopicRange } from '@orchestra/runtime';

/** All records of some topics, by default from the oldest on. */
export async function readRecords(
  bus: EventBus,
  { topics, from = { kind: 'oldest' } }: Pick<TopicRange, 'topics'> & Partial<Pick<TopicRange, 'from'>>,
): Promise<IncomingRecord[]> {
  const records: IncomingRecord[] = [];
  await bus.read({ topics, from, onRecord: async (record) => void records.push(record) });
  return records;
}

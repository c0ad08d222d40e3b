import { OrchestraError } from '@orchestra/contracts';
import type { IncomingRecord, OutgoingRecord } from '../ports/event-bus.ts';

/** The record under which a refused one is kept: value and headers untouched, the reason in headers of its own. */
export function deadLetterOf(
  record: IncomingRecord,
  group: string,
  failure: { error: unknown; at: Date },
): OutgoingRecord {
  const { error, at } = failure;
  const code = error instanceof OrchestraError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const { value } = record;
  return {
    topic: `${record.topic}.dlq`,
    key: record.key?.toString('utf8') ?? '',
    value: value ?? Buffer.alloc(0),
    headers: {
      ...record.headers,
      'dlq.original.topic': record.topic,
      'dlq.original.partition': String(record.partition),
      'dlq.original.offset': record.offset,
      'dlq.original.timestamp': record.timestamp.toISOString(),
      'dlq.group': group,
      'dlq.error.class': code,
      'dlq.error.message': message.slice(0, 1000),
      'dlq.schema.id': value !== null && value.length >= 5 ? String(value.readUInt32BE(1)) : '',
      'dlq.at': at.toISOString(),
    },
  };
}

import type { IncomingRecord } from '@orchestra/runtime';
import type { KafkaMessage } from 'kafkajs';

/** A record as the runtime sees it. */
export function toRecord(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  const { offset, key, value, timestamp, headers } = message;
  return {
    topic,
    partition,
    offset,
    key,
    value,
    headers: readHeaders(headers),
    timestamp: new Date(Number(timestamp)),
  };
}

// Of a header that comes twice the last one counts; one without a value is as if it were not there.
function readHeaders(headers: KafkaMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]): [string, string][] => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined || last === null ? [] : [[name, last.toString()]];
  });
  return Object.fromEntries(entries);
}

import type { IncomingRecord } from '@orchestra/runtime';
import type { Row } from '../database.ts';
import { decodeHeaders } from '../decode.ts';
import { bytesOf, numberOf, textOf } from '../row.ts';

/** A record of the bus from its row. An embedded topic has one partition; the offset counts over all topics. */
export function toRecord(row: Row): IncomingRecord {
  return {
    topic: textOf(row, 'topic'),
    partition: 0,
    offset: String(numberOf(row, 'position')),
    key: bytesOf(row, 'key'),
    value: bytesOf(row, 'value'),
    headers: decodeHeaders(textOf(row, 'headers')),
    timestamp: new Date(numberOf(row, 'at')),
  };
}

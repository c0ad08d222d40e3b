import { randomUUID } from 'node:crypto';
import type { OutgoingRecord, IncomingRecord } from '@orchestra/runtime';

const frameBytes = 5;

/**
 * Records that nobody can ever accept, of each kind one, beside a good one of the same topic: its headers and its schema
 * are theirs, its body is not.
 */
export function poisonLike({ topic, value, headers }: IncomingRecord, key: string): OutgoingRecord[] {
  const good = value ?? Buffer.alloc(0);
  const frame = good.subarray(0, frameBytes);
  const foreign = Buffer.from(frame);
  foreign.writeInt32BE(2_000_000_000, 1);
  const bodies = {
    'a body that is no Avro': Buffer.concat([frame, Buffer.from('no Avro at all')]),
    'a schema that no registry knows': Buffer.concat([foreign, good.subarray(frameBytes)]),
    nothing: Buffer.alloc(0),
    'another magic byte': Buffer.concat([Buffer.from([1]), good.subarray(1)]),
    // As a zigzag number: 2,000,000,000 entries of an array.
    'a list that says it is endless': Buffer.concat([frame, Buffer.from([0x80, 0xd0, 0xac, 0xf3, 0x0e])]),
    'ten megabytes': Buffer.concat([frame, Buffer.alloc(10_000_000, 0x80)]),
  };
  return Object.values(bodies).map((body) => ({
    topic,
    key,
    value: body,
    headers: { ...headers, ce_id: randomUUID() },
  }));
}

import { OrchestraError } from '../errors.ts';

const magic = 0;
const frameBytes = 5;

/** A value in Confluent framing, taken apart. */
export interface Frame {
  /** Id of the writer's schema, 0 to 2^32 - 1. Only 1 to 2^31 - 1 can be ids of a registry. */
  schemaId: number;
  /** Avro binary. Shares memory with the value: copy it before keeping it. */
  body: Buffer;
}

/**
 * Splits a record value in Confluent framing. Does not decode the body.
 *
 * @param value byte 0 is the magic 0, bytes 1 to 4 the schema id (big-endian), the rest Avro binary
 * @throws OrchestraError `EVENT_NOT_FRAMED`, not retriable, when the value has under 5 bytes or another magic
 * @see Confluent documentation, "Wire format" of Schema Registry
 */
export function readFrame(value: Buffer): Frame {
  if (value.length < frameBytes) {
    throw new OrchestraError('EVENT_NOT_FRAMED', `A value of ${value.length} bytes is shorter than its frame of 5`);
  }
  if (value[0] !== magic) {
    throw new OrchestraError('EVENT_NOT_FRAMED', `The magic byte of a value is ${value[0]}, not 0`);
  }
  return { schemaId: value.readUInt32BE(1), body: value.subarray(frameBytes) };
}

/** Puts an Avro body into Confluent framing. The counterpart of `readFrame`; copies the body. */
export function writeFrame({ schemaId, body }: Frame): Buffer {
  const value = Buffer.allocUnsafe(frameBytes + body.length);
  value.writeUInt8(magic, 0);
  value.writeUInt32BE(schemaId, 1);
  body.copy(value, frameBytes);
  return value;
}

import { OrchestraError } from '../errors.ts';
import type { Payloads } from '../events.generated.ts';
import { releasedSchemas } from '../released-schemas.generated.ts';
import { schemas } from '../schemas.generated.ts';
import { type Topic, topicNames } from '../topics.ts';
import { createPayloadDecoder, type PayloadDecoder } from './decode-payload.ts';
import { encodePayload } from './encode-payload.ts';
import { parseSchema } from './event-type.ts';
import { readFrame, writeFrame } from './frame.ts';

/** The codec of the embedded form. Has the shape of the runtime's port `EventCodec`. */
export interface LocalCodec {
  /** @throws OrchestraError `EVENT_NOT_VALID`, not retriable, naming the field at fault */
  encode<T extends Topic>(topic: T, payload: Payloads[T]): Promise<Buffer>;
  /** @throws OrchestraError `EVENT_NOT_FRAMED`, `EVENT_SCHEMA_UNKNOWN` or `EVENT_NOT_DECODABLE`, not retriable */
  decode<T extends Topic>(topic: T, value: Buffer): Promise<Payloads[T]>;
}

/**
 * Creates a codec that needs no registry: it knows the current and all released schemas of this repository,
 * under ids made of their content, so a file written by an older version stays readable.
 */
export function createLocalCodec(): LocalCodec {
  const decoder = createPayloadDecoder();
  const known = new Set(topicNames.flatMap((topic) => learnAll(decoder, topic)));
  const currentIds = new Map(topicNames.map((topic) => [topic, localSchemaId(schemas[topic])]));

  return {
    encode: async (topic, payload) =>
      writeFrame({
        schemaId: currentIds.get(topic) ?? localSchemaId(schemas[topic]),
        body: encodePayload(topic, payload),
      }),
    decode: async (topic, value) => {
      const frame = readFrame(value);
      if (!known.has(frame.schemaId)) {
        throw new OrchestraError('EVENT_SCHEMA_UNKNOWN', `No version of ${topic} has the schema id ${frame.schemaId}`);
      }
      return decoder.decode(topic, frame);
    },
  };
}

/** The id of a schema without a registry: 31 bits of its fingerprint, 1 to 2^31 - 1. Defaults and docs do not count. */
export function localSchemaId(schema: object): number {
  // Registries hand out positive 32-bit integers, so the sign bit goes.
  return parseSchema(schema).fingerprint('sha256').readUInt32BE(0) & 0x7f_ff_ff_ff || 1;
}

function learnAll(decoder: PayloadDecoder, topic: Topic): number[] {
  return [...releasedSchemas[topic], schemas[topic]].map((schema) => {
    const schemaId = localSchemaId(schema);
    decoder.learn(topic, { schemaId, schema });
    return schemaId;
  });
}

import type avsc from 'avsc';
import { OrchestraError } from '../errors.ts';
import type { Payloads } from '../events.generated.ts';
import type { Topic } from '../topics.ts';
import { currentType, parseSchema } from './event-type.ts';
import type { Frame } from './frame.ts';

/** A schema with which somebody wrote, under the id that frames name. */
export interface Writer {
  schemaId: number;
  schema: object;
}

/** Reads the bodies of any known writer as payloads of this version. */
export interface PayloadDecoder {
  /** Whether `learn` was called for this topic and schema id. */
  knows(topic: Topic, schemaId: number): boolean;
  /** @throws OrchestraError `EVENT_NOT_DECODABLE` when this version cannot read what the writer writes */
  learn(topic: Topic, writer: Writer): void;
  /** @throws OrchestraError `EVENT_NOT_DECODABLE` when the writer was not learned, or the body does not fit its schema */
  decode<T extends Topic>(topic: T, frame: Frame): Payloads[T];
}

/** Creates a decoder that builds the resolver of each writer once: building takes 100 µs, reading takes 0.2 µs. */
export function createPayloadDecoder(): PayloadDecoder {
  const resolvers = new Map<string, avsc.Resolver>();

  return {
    knows: (topic, schemaId) => resolvers.has(keyOf(topic, schemaId)),
    learn: (topic, { schemaId, schema }) => {
      resolvers.set(keyOf(topic, schemaId), buildResolver(topic, { schemaId, schema }));
    },
    decode: (topic, { schemaId, body }) => {
      const resolver = resolvers.get(keyOf(topic, schemaId));
      if (resolver === undefined) throw notDecodable(topic, schemaId, undefined);
      try {
        return currentType(topic).fromBuffer(body, resolver);
      } catch (cause) {
        throw notDecodable(topic, schemaId, cause);
      }
    },
  };
}

function keyOf(topic: Topic, schemaId: number): string {
  return `${topic}/${schemaId}`;
}

function buildResolver(topic: Topic, { schemaId, schema }: Writer): avsc.Resolver {
  try {
    return currentType(topic).createResolver(parseSchema(schema));
  } catch (cause) {
    throw notDecodable(topic, schemaId, cause);
  }
}

function notDecodable(topic: Topic, schemaId: number, cause: unknown): OrchestraError {
  return new OrchestraError('EVENT_NOT_DECODABLE', `${topic}: a body of schema ${schemaId} cannot be read`, { cause });
}

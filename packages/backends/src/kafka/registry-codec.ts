import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import {
  createPayloadDecoder,
  encodePayload,
  type PayloadDecoder,
  readFrame,
  type Topic,
  topicNames,
  writeFrame,
} from '@orchestra/contracts';
import { type EventCodec, OrchestraError } from '@orchestra/runtime';
import { createMissingIds, type MissingIds } from './missing-ids.ts';
import { parseSchemaOfRegistry } from './parse-schema-of-registry.ts';
import { findSchemaId } from './register-schemas.ts';
import { createRegistryClient, registryUnavailable, type RegistryOptions, statusOf } from './registry-client.ts';

const largestId = 2 ** 31 - 1;
const missingForMs = 60_000;

/** A codec whose schema ids come from the registry. */
export interface RegistryCodec extends EventCodec {
  /**
   * Looks up the ids of the current schemas, all of them when no topics are named. Called at the start, so that a
   * service without its schemas is not ready. Safe to repeat.
   *
   * @throws OrchestraError `SCHEMA_MISSING`, not retriable; `REGISTRY_UNAVAILABLE`, retriable
   */
  lookUp(topics?: readonly Topic[]): Promise<void>;
}

/**
 * Creates the codec of the distributed form. It never registers; the init job does. An id once seen is kept, so a
 * registry that goes down stops only records of schemas that nobody has seen yet.
 */
export function createRegistryCodec(options: RegistryOptions): RegistryCodec {
  const client = createRegistryClient(options);
  const decoder = createPayloadDecoder();
  const missing = createMissingIds(missingForMs);
  const currentIds = new Map<Topic, number>();

  async function currentId(topic: Topic): Promise<number> {
    const known = currentIds.get(topic);
    if (known !== undefined) return known;

    const schemaId = await findSchemaId(client, options, topic);
    currentIds.set(topic, schemaId);
    return schemaId;
  }

  return {
    lookUp: async (topics = topicNames) => {
      for (const topic of topics) await currentId(topic);
    },
    encode: async (topic, payload) => {
      // What is not valid is refused also while the registry is away.
      const body = encodePayload(topic, payload);
      return writeFrame({ schemaId: await currentId(topic), body });
    },
    decode: async (topic, value) => {
      const frame = readFrame(value);
      if (!decoder.knows(topic, frame.schemaId)) await learn({ client, decoder, missing }, topic, frame.schemaId);
      return decoder.decode(topic, frame);
    },
  };
}

interface Learning {
  client: SchemaRegistry;
  decoder: PayloadDecoder;
  missing: MissingIds;
}

async function learn({ client, decoder, missing }: Learning, topic: Topic, schemaId: number): Promise<void> {
  if (schemaId === 0 || schemaId > largestId || missing.has(schemaId)) throw unknownSchema(topic, schemaId);
  try {
    decoder.learn(topic, { schemaId, schema: parseSchemaOfRegistry(await client.getSchema(schemaId)) });
  } catch (error) {
    if (error instanceof OrchestraError) throw error;
    if (statusOf(error) === null) throw notReadable(topic, schemaId, error);
    if (statusOf(error) !== 404) throw registryUnavailable(error);
    missing.add(schemaId);
    throw unknownSchema(topic, schemaId);
  }
}

function unknownSchema(topic: Topic, schemaId: number): OrchestraError {
  return new OrchestraError('EVENT_SCHEMA_UNKNOWN', `The registry has no schema ${schemaId}, which ${topic} names`);
}

function notReadable(topic: Topic, schemaId: number, cause: unknown): OrchestraError {
  return new OrchestraError('EVENT_NOT_DECODABLE', `${topic}: schema ${schemaId} cannot be read`, { cause });
}

import { COMPATIBILITY, SchemaType, type SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { schemas, type Topic, topicNames } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';
import {
  createRegistryClient,
  registryUnavailable,
  type RegistryOptions,
  statusOf,
  subjectOf,
} from './registry-client.ts';

const compatibility = COMPATIBILITY.FULL_TRANSITIVE;
const defaultTimeoutMs = 5_000;

/**
 * Registers the current schema of every topic. The work of the init job; safe to repeat.
 *
 * Sets the compatibility of the whole registry first: the client registers a schema before it sets that of the subject.
 *
 * @throws OrchestraError `SCHEMA_INCOMPATIBLE`, not retriable, when the registry refuses a schema; `REGISTRY_UNAVAILABLE`, retriable
 */
export async function registerSchemas(options: RegistryOptions, topics: readonly Topic[] = topicNames): Promise<void> {
  await setGlobalCompatibility(options);
  const client = createRegistryClient(options);
  for (const topic of topics) await registerSchema(client, options, { topic, schema: schemas[topic] });
}

/**
 * Registers one schema as the newest of its topic.
 *
 * @throws OrchestraError as `registerSchemas`
 */
export async function registerSchema(
  client: SchemaRegistry,
  options: RegistryOptions,
  { topic, schema }: { topic: Topic; schema: object },
): Promise<void> {
  try {
    await client.register(asAvro(schema), { subject: subjectOf(options, topic), compatibility });
  } catch (error) {
    if (statusOf(error) !== 409) throw registryUnavailable(error);
    // Two init jobs that come at once: the slower one is told of a conflict with its own schema.
    if (await isRegistered(client, options, { topic, schema })) return;
    throw new OrchestraError('SCHEMA_INCOMPATIBLE', `The registry refuses the schema of ${topic}`, { cause: error });
  }
}

async function isRegistered(
  client: SchemaRegistry,
  options: RegistryOptions,
  { topic, schema }: { topic: Topic; schema: object },
): Promise<boolean> {
  try {
    await client.getRegistryIdBySchema(subjectOf(options, topic), asAvro(schema));
    return true;
  } catch (error) {
    if (statusOf(error) !== null) throw registryUnavailable(error);
    return false;
  }
}

/**
 * Asks for the id of the current schema of a topic.
 *
 * @throws OrchestraError `SCHEMA_MISSING`, not retriable, when it is not registered; `REGISTRY_UNAVAILABLE`, retriable
 */
export async function findSchemaId(client: SchemaRegistry, options: RegistryOptions, topic: Topic): Promise<number> {
  try {
    return await client.getRegistryIdBySchema(subjectOf(options, topic), asAvro(schemas[topic]));
  } catch (error) {
    // The client answers 404 with an error of its own, without a status.
    if (statusOf(error) !== null) throw registryUnavailable(error);
    throw new OrchestraError('SCHEMA_MISSING', `The schema of ${topic} is not registered: run the init job`, {
      cause: error,
    });
  }
}

function asAvro(schema: object): { type: SchemaType.AVRO; schema: string } {
  return { type: SchemaType.AVRO, schema: JSON.stringify(schema) };
}

async function setGlobalCompatibility({ url, auth, timeoutMs = defaultTimeoutMs }: RegistryOptions): Promise<void> {
  const headers = new Headers({ 'content-type': 'application/vnd.schemaregistry.v1+json' });
  if (auth !== undefined) {
    const credentials = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  }
  const body = JSON.stringify({ compatibility });
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(`${url.replace(/\/$/, '')}/config`, { method: 'PUT', headers, body, signal }).catch(
    (error: unknown) => {
      throw registryUnavailable(error);
    },
  );
  if (!answer.ok) throw registryUnavailable(new Error(`PUT /config: status ${answer.status}`));
}

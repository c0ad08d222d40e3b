import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import type { Topic } from '@orchestra/contracts';
import { OrchestraError } from '@orchestra/runtime';

/** Where the schema registry is. */
export interface RegistryOptions {
  /** Base URL of a Confluent-compatible API; may have a path, such as `/apis/ccompat/v7` of Apicurio. */
  url: string;
  auth?: { username: string; password: string };
  /** Limit of one request. */
  timeoutMs?: number;
  /** The subject of a topic; `<topic>-value` when not given. */
  subjectOf?(topic: Topic): string;
}

const defaultTimeoutMs = 5_000;
// The client merges these into a default that all its instances share, so every instance gets the same.
const retry = { retries: 2, initialRetryTimeInSecs: 0.1, maxRetryTimeInSecs: 1 };

/** Creates a client of the registry. Without the time limit, a registry that never answers would stall it for ever. */
export function createRegistryClient({ url, auth, timeoutMs = defaultTimeoutMs }: RegistryOptions): SchemaRegistry {
  return new SchemaRegistry({
    host: url,
    clientId: 'orchestra',
    retry: { ...retry },
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: timeoutMs }) })],
    ...(auth === undefined ? {} : { auth }),
  });
}

/** The subject under which a topic's schema is registered. */
export function subjectOf({ subjectOf: given }: RegistryOptions, topic: Topic): string {
  return given === undefined ? `${topic}-value` : given(topic);
}

/** The HTTP status of an answer of the registry; null for any other error. A refused connection reads as 400. */
export function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}

/** What a call meant that did not get its answer: waiting may help. */
export function registryUnavailable(cause: unknown): OrchestraError {
  return new OrchestraError('REGISTRY_UNAVAILABLE', 'The schema registry did not answer', { retriable: true, cause });
}

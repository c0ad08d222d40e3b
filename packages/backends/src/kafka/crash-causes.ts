/** What the end of a consumer asks for: `give_up`: no restart mends it; `wait`: it will pass; `doubt`: nobody knows. */
export type Prospect = 'give_up' | 'wait' | 'doubt';

/** Words of the broker that stay true until a person changes rights, settings or versions. */
const unmendableTypes: ReadonlySet<unknown> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'SECURITY_DISABLED',
  'UNSUPPORTED_VERSION',
  'INVALID_GROUP_ID',
  'INVALID_SESSION_TIMEOUT',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_TOPIC_EXCEPTION',
]);

/** The client's own errors of this kind: what it cannot do, it cannot do after a restart either. */
const unmendableNames: ReadonlySet<unknown> = new Set([
  'KafkaJSServerDoesNotSupportApiKey',
  'KafkaJSSASLAuthenticationError',
  'KafkaJSNotImplemented',
]);

/**
 * Judges why a consumer of kafkajs ended. The client calls an error not retriable also when it only was unlucky: after an
 * answer to its first request that came too late it says `Broker not connected`, a plain error, for as long as that
 * connection lives.
 */
export function judgeCrash(cause: unknown): Prospect {
  const chain = chainOf(cause);
  if (chain.some(({ type, name }) => unmendableTypes.has(type) || unmendableNames.has(name))) return 'give_up';

  return chain.some(({ retriable, name }) => retriable === true || name === 'KafkaJSNumberOfRetriesExceeded')
    ? 'wait'
    : 'doubt';
}

/** Names an error and what caused it, for people: `KafkaJSProtocolError: … (INVALID_SESSION_TIMEOUT)`. */
export function describeCrash(cause: unknown): string {
  const chain = chainOf(cause);
  if (chain.length === 0) return String(cause);

  const said = chain.map(({ name, message, type }) => {
    const text = `${String(name)}: ${String(message)}`;
    return typeof type === 'string' ? `${text} (${type})` : text;
  });
  // Each wrapper of the client repeats the message of what it wraps.
  return [...new Set(said)].join(', caused by ');
}

interface Link {
  name?: unknown;
  message?: unknown;
  type?: unknown;
  retriable?: unknown;
  cause?: unknown;
}

const longestChain = 10;

function chainOf(cause: unknown): Link[] {
  const chain: Link[] = [];
  let next = cause;
  while (isLink(next) && chain.length < longestChain) {
    chain.push(next);
    next = next.cause;
  }
  return chain;
}

function isLink(value: unknown): value is Link {
  return typeof value === 'object' && value !== null;
}

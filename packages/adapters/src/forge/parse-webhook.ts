import { Webhooks, type EmitterWebhookEvent } from '@octokit/webhooks';

export interface WebhookSecrets {
  current: string;
  /** Secrets that are still good while a new one is rolled out. */
  previous: readonly string[];
}

/** One delivery as it came: raw bytes, headers untouched. Undefined: the header is absent. */
export interface Webhook {
  body: Buffer;
  event: string | undefined;
  signature: string | undefined;
}

export type ReadWebhook =
  | { kind: 'event'; name: string; payload: object }
  | { kind: 'refused'; reason: 'signature' | 'malformed' };

/** Checks a GitHub delivery and then reads it. What is signed is the raw body, so nothing is parsed before. */
export interface WebhookReader {
  read(webhook: Webhook): Promise<ReadWebhook>;
}

const signatureForm = /^sha256=[0-9a-f]{64}$/;

/**
 * Makes a reader on @octokit/webhooks, whose `verifyAndReceive` compares in constant time and knows older secrets.
 *
 * @see GitHub documentation, "Validating webhook deliveries"
 */
export function createWebhookReader(secrets: WebhookSecrets): WebhookReader {
  const webhooks = new Webhooks({ secret: secrets.current, additionalSecrets: [...secrets.previous], log: silent });
  const received = new Map<string, object>();
  webhooks.onAny(({ id, payload }) => {
    received.set(id, payload);
  });
  let counter = 0;

  return {
    async read({ body, event, signature }) {
      if (signature === undefined || !signatureForm.test(signature)) return { kind: 'refused', reason: 'signature' };
      counter += 1;
      const id = String(counter);
      try {
        // The library's type lists the events of today; a newer one is as welcome, and ignored further in.
        const name = (event ?? 'ping') as EmitterWebhookEvent['name'];
        await webhooks.verifyAndReceive({ id, name, payload: body.toString('utf8'), signature });
      } catch (error) {
        return { kind: 'refused', reason: isSignatureError(error) ? 'signature' : 'malformed' };
      }
      const payload = received.get(id);
      received.delete(id);
      if (payload === undefined || event === undefined) return { kind: 'refused', reason: 'malformed' };
      return { kind: 'event', name: event, payload };
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

// The library throws an AggregateError for both; only a bad signature carries the event that it refused.
function isSignatureError(error: unknown): boolean {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message.includes('signature does not match');
}

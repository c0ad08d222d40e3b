import { once } from 'node:events';
import { createWebhookReader } from '@orchestra/adapters/forge';
import { apiTokens, digestToken } from '@orchestra/runtime';
import type { Ports } from './ports.ts';

export const webhookSecret = "It's a Secret to Everybody";

/** Ports for tests of the routes: the jobs that are made stay where they are, for no commit is ever fetched. */
export function portsForRoutes(): Ports {
  return {
    git: {
      async listHeads() {
        return new Map();
      },
      async withCommit({ signal }) {
        signal.throwIfAborted();
        await once(signal, 'abort');
        throw signal.reason;
      },
    },
    forge: null,
    deliveries: null,
    lookEveryMs: 180_000,
    webhooks: createWebhookReader({ current: webhookSecret, previous: [] }),
    pack: () => {
      throw new Error('nothing is packed here');
    },
    repositories: {
      entries: [{ pattern: 'acme/shop', cloneUrl: 'file:///srv/git/shop.git' }],
      template: 'https://github.com/{repository}.git',
    },
    tokens: apiTokens.parse(`ada:operator:${digestToken('t1')},bob:viewer:${digestToken('t2')}`),
    allowForks: false,
    maxSupersedes: 5,
    accepts: { maxAtOnce: 100, maxBytes: 67_108_864 },
    publicUrl: null,
  };
}

import type { ServiceName } from '@orchestra/contracts';
import type { Hint } from '@orchestra/runtime';
import type { Redis } from 'ioredis';

export interface WakeHints {
  onWake(service: ServiceName, hint: Hint, listener: () => void): () => void;
}

/**
 * Turns what the scripts publish into calls. Hints are lost while the connection is: after each loss everybody is woken
 * once.
 *
 * @param subscriber its own connection, because a subscribed one takes no other commands
 */
export function createWakeHints(subscriber: Redis, prefix: string): WakeHints {
  const listeners = new Map<string, Set<() => void>>();

  const wake = (channel: string): void => {
    for (const listener of listeners.get(channel) ?? []) listener();
  };

  subscriber.on('message', wake);
  subscriber.on('ready', () => {
    for (const listener of [...listeners.values()].flatMap((set) => [...set])) listener();
  });

  return {
    onWake(service, hint, listener) {
      const channel = `${prefix}wake:${service}:${hint}`;
      const known = listeners.get(channel);
      const heard = known ?? new Set();
      listeners.set(channel, heard.add(listener));
      // What came before the server knew of the subscription was not heard, so the first hint is our own. A hint is all
      // that a failed subscription costs; it is taken up again with the connection.
      if (known === undefined) {
        subscriber.subscribe(channel).then(
          () => wake(channel),
          () => {},
        );
      }
      return () => {
        heard.delete(listener);
      };
    },
  };
}

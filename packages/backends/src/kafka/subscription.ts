import { OrchestraError, type Subscribe, type Subscription } from '@orchestra/runtime';
import { requireTopics } from './admin.ts';
import { describeCrash } from './crash-causes.ts';
import { startMember, type GroupMember } from './group-member.ts';
import { createBatchIntake } from './intake.ts';
import type { KafkaClient } from './kafka-client.ts';
import { keepMember } from './keep-member.ts';

/**
 * Starts a consumer in its group, from the beginning of the topics where the group has no position yet. A consumer that
 * ends is followed by a new one unless its error is one that no restart mends.
 *
 * @throws OrchestraError `TOPIC_MISSING`, not retriable; `BUS_UNAVAILABLE`, retriable
 */
export async function startSubscription(client: KafkaClient, subscribe: Subscribe): Promise<Subscription> {
  const { settings } = client;
  const { group, topics, onRecord, restMs } = subscribe;
  await requireTopics(client, topics);

  const signs = createSigns();
  const intake = createBatchIntake({ onRecord, restMs, heartbeatMs: settings.heartbeatMs });
  const start = (): Promise<GroupMember> =>
    startMember(client, { group, topics, eachBatch: intake.eachBatch, onFetch: signs.fetched });
  const { takeFetches, crash: onHopeless } = signs;
  const stop = keepMember({ first: await start(), start, settings, takeFetches, onHopeless });

  return {
    fetchAgeMs: signs.fetchAgeMs,
    joined: async () => signs.joined,
    crashed: signs.crashed,
    pause: intake.pause,
    stop: async () => {
      intake.stop();
      await stop();
    },
  };
}

interface Signs {
  fetchAgeMs(): number;
  joined: Promise<void>;
  crashed: Promise<never>;
  fetched(): void;
  takeFetches(): number;
  crash(cause: unknown): void;
}

/** The signs of life of a subscription, whichever consumer gives them. */
function createSigns(): Signs {
  const joined = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<never>();
  // Whoever does not ask is not disturbed: without these, a rejection would end the process.
  joined.promise.catch(() => undefined);
  crashed.promise.catch(() => undefined);
  let fetchedAt = performance.now();
  let fetches = 0;

  return {
    fetchAgeMs: () => performance.now() - fetchedAt,
    joined: joined.promise,
    crashed: crashed.promise,
    fetched: () => {
      fetchedAt = performance.now();
      fetches += 1;
      joined.resolve();
    },
    takeFetches: () => {
      const taken = fetches;
      fetches = 0;
      return taken;
    },
    crash: (cause) => {
      const message = `The consumer ended, and no restart mends it: ${describeCrash(cause)}`;
      const error = new OrchestraError('BUS_CRASHED', message, { cause });
      crashed.reject(error);
      joined.reject(error);
    },
  };
}

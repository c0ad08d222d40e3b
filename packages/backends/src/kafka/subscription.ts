import { OrchestraError, type Subscribe, type Subscription } from '@orchestra/runtime';
import type { Consumer } from 'kafkajs';
import { requireTopics } from './admin.ts';
import { busUnavailable } from './bus-errors.ts';
import { createBatchIntake } from './intake.ts';
import type { KafkaClient } from './kafka-client.ts';

/**
 * Starts a consumer in its group, from the beginning of the topics where the group has no position yet.
 *
 * @throws OrchestraError `TOPIC_MISSING`, not retriable; `BUS_UNAVAILABLE`, retriable
 */
export async function startSubscription(client: KafkaClient, subscribe: Subscribe): Promise<Subscription> {
  const { kafka, settings } = client;
  const { group, topics, onRecord, restMs } = subscribe;
  await requireTopics(client, topics);

  let stopping = false;
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    rebalanceTimeout: settings.rebalanceTimeoutMs,
    maxWaitTimeInMs: settings.maxWaitMs,
    allowAutoTopicCreation: false,
    retry: {
      retries: settings.retries,
      initialRetryTime: settings.firstRetryMs,
      maxRetryTime: settings.longestRetryMs,
      // A broker that stays away is waited for; only a consumer that is being stopped does not come back.
      restartOnFailure: async () => !stopping,
    },
  });
  const signs = watchSigns(consumer, () => stopping);
  const intake = createBatchIntake({ onRecord, restMs, heartbeatMs: settings.heartbeatMs });

  await connect(consumer, topics);
  const running = consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: settings.partitionsConcurrently,
    autoCommitInterval: settings.commitEveryMs,
    autoCommitThreshold: settings.commitEveryRecords,
    eachBatch: intake.eachBatch,
  });
  // An error here was reported as a crash as well.
  running.catch(signs.crash);

  return {
    fetchAgeMs: signs.fetchAgeMs,
    joined: async () => signs.joined,
    crashed: signs.crashed,
    pause: intake.pause,
    stop: async () => {
      stopping = true;
      intake.stop();
      // A consumer that is stopped before it has joined would join afterwards, and nobody would know of it.
      await running.catch(() => undefined);
      await consumer.disconnect();
    },
  };
}

async function connect(consumer: Consumer, topics: readonly string[]): Promise<void> {
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw busUnavailable(`The consumer of ${topics.join(', ')} could not connect`, error);
  }
}

interface Signs {
  fetchAgeMs(): number;
  joined: Promise<void>;
  crashed: Promise<never>;
  crash(cause: unknown): void;
}

/** Turns the client's events into the signs of life of a subscription. */
function watchSigns(consumer: Consumer, isStopping: () => boolean): Signs {
  const joined = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<never>();
  // Whoever does not ask is not disturbed: without these, a rejection would end the process.
  joined.promise.catch(() => undefined);
  crashed.promise.catch(() => undefined);
  let inGroup = false;
  let fetchedAt = performance.now();

  function crash(cause: unknown): void {
    const error = new OrchestraError('BUS_CRASHED', 'The consumer ended and does not restart', { cause });
    crashed.reject(error);
    joined.reject(error);
  }

  consumer.on(consumer.events.GROUP_JOIN, () => {
    inGroup = true;
  });
  consumer.on(consumer.events.FETCH, () => {
    fetchedAt = performance.now();
    if (inGroup) joined.resolve();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart && !isStopping()) crash(payload.error);
  });

  return {
    fetchAgeMs: () => performance.now() - fetchedAt,
    joined: joined.promise,
    crashed: crashed.promise,
    crash,
  };
}

import type { Subscribe } from '@orchestra/runtime';
import type { Consumer, EachBatchHandler } from 'kafkajs';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';

/** One consumer from its connection to its end. It never comes back: whoever wants to go on starts another one. */
export interface GroupMember {
  /** Resolves with the reason when the consumer ended without having been stopped. */
  ended: Promise<unknown>;
  /** Finishes the record in hand, commits, leaves the group. */
  stop(): Promise<void>;
}

interface StartMember extends Pick<Subscribe, 'group' | 'topics'> {
  eachBatch: EachBatchHandler;
  /** The broker answered a fetch of a member that has joined. */
  onFetch(): void;
}

/**
 * Connects a consumer and lets it join its group, from the beginning of the topics where the group has no position yet.
 *
 * @throws OrchestraError `BUS_UNAVAILABLE`, retriable, when it cannot connect
 */
export async function startMember(
  { kafka, settings }: KafkaClient,
  { group, topics, eachBatch, onFetch }: StartMember,
): Promise<GroupMember> {
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
      // The client would give up on errors that pass; the subscription decides.
      restartOnFailure: async () => false,
    },
  });
  const ended = Promise.withResolvers<unknown>();
  let joined = false;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    joined = true;
  });
  consumer.on(consumer.events.FETCH, () => {
    if (joined) onFetch();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => ended.resolve(payload.error));

  await connect(consumer, topics);
  const running = consumer.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: settings.partitionsConcurrently,
    autoCommitInterval: settings.commitEveryMs,
    autoCommitThreshold: settings.commitEveryRecords,
    eachBatch,
  });
  running.catch(ended.resolve);

  return {
    ended: ended.promise,
    stop: async () => {
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

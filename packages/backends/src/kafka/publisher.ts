import type { OutgoingRecord } from '@orchestra/runtime';
import { Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';

const allReplicas = -1;

/** Sends records, one batch at a time. */
export interface Publisher {
  /** @throws OrchestraError `BUS_UNAVAILABLE`, retriable; some of the records may have arrived */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates the publisher of a bus. Not idempotent: that mode of kafkajs loses acknowledged records when connections
 * break with more than one send in flight. So some records come twice, and consumers drop them by event id.
 */
export function createPublisher({ kafka, settings }: KafkaClient): Publisher {
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    // The partitioner of the Java client: keys lie where other tools look for them.
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: {
      retries: settings.sendRetries,
      initialRetryTime: settings.firstRetryMs,
      maxRetryTime: settings.longestRetryMs,
    },
  });
  const connection = reusable(() => producer.connect());
  let inFlight: Promise<void> = Promise.resolve();

  return {
    publish: (records) => {
      // Two batches at once could overtake each other, and records of one key with them.
      const sent = inFlight.then(async () => send(producer, { connection, records }));
      inFlight = sent.catch(() => undefined);
      return sent;
    },
    close: async () => {
      await inFlight;
      await producer.disconnect();
    },
  };
}

interface Sending {
  connection: Reusable;
  records: readonly OutgoingRecord[];
}

async function send(producer: Producer, { connection, records }: Sending): Promise<void> {
  if (records.length === 0) return;
  try {
    await connection.ensure();
    await producer.sendBatch({ acks: allReplicas, topicMessages: groupByTopic(records) });
  } catch (error) {
    // The client keeps a connection on which it once missed an answer, and no send on it may ever succeed again.
    connection.forget();
    await producer.disconnect().catch(() => undefined);
    throw busUnavailable(`${records.length} records were not acknowledged`, error);
  }
}

function groupByTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const groups = Map.groupBy(records, ({ topic }) => topic);
  return [...groups].map(([topic, group]) => ({
    topic,
    messages: group.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
  }));
}

interface Reusable {
  /** Does the work unless it was done. What failed is tried again by the next call. */
  ensure(): Promise<void>;
  forget(): void;
}

function reusable(work: () => Promise<void>): Reusable {
  let running: Promise<void> | null = null;
  return {
    ensure: async () => {
      running ??= work();
      await running;
    },
    forget: () => {
      running = null;
    },
  };
}

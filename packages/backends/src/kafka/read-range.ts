import { randomUUID } from 'node:crypto';
import { OrchestraError, type IncomingRecord, type TopicRange } from '@orchestra/runtime';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { requireTopics } from './admin.ts';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';
import { findSpans, type Span } from './find-spans.ts';
import { toRecord } from './to-record.ts';

/**
 * Gives out the records of some topics up to the newest of now. The client reads only in a group, so it has one of its
 * own for the time, which commits nothing and is removed afterwards.
 *
 * @throws OrchestraError `TOPIC_MISSING`, not retriable; `BUS_UNAVAILABLE`, retriable
 */
export async function readRange(client: KafkaClient, range: TopicRange): Promise<void> {
  await requireTopics(client, range.topics);
  const spans = await findSpans(client, range);
  if (spans.length === 0) return;

  const group = `orchestra.reader.${randomUUID()}`;
  const { settings, kafka } = client;
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    rebalanceTimeout: settings.rebalanceTimeoutMs,
    maxWaitTimeInMs: settings.maxWaitMs,
    allowAutoTopicCreation: false,
    // A broker that has just started loads its groups for seconds; it has answered before, so it is waited for.
    retry: {
      retries: Math.max(settings.retries, 12),
      initialRetryTime: settings.firstRetryMs,
      maxRetryTime: settings.longestRetryMs,
      restartOnFailure: async () => false,
    },
  });
  try {
    await drain(consumer, { spans, onRecord: range.onRecord, patienceMs: settings.requestTimeoutMs });
  } catch (error) {
    throw error instanceof OrchestraError ? error : busUnavailable('The topics could not be read', error);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await forgetGroup(kafka, group);
  }
}

interface Draining {
  spans: readonly Span[];
  onRecord(record: IncomingRecord): Promise<void>;
  /** How long nothing may come: the retention can remove what was there when the reading began. */
  patienceMs: number;
}

async function drain(consumer: Consumer, { spans, onRecord, patienceMs }: Draining): Promise<void> {
  const open = new Map(spans.map((span) => [nameOf(span), span]));
  const over = Promise.withResolvers<void>();
  const patience = setTimeout(() => over.reject(new Error(`No record came for ${patienceMs} ms`)), patienceMs);
  consumer.on(consumer.events.CRASH, ({ payload }) => over.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(spans.map(({ topic }) => topic))], fromBeginning: true });
    const running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: take });
    running.catch(over.reject);
    for (const { topic, partition, start } of spans) consumer.seek({ topic, partition, offset: start });
    await over.promise;
  } finally {
    clearTimeout(patience);
  }

  async function take(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const span = open.get(nameOf({ topic, partition }));
    if (span === undefined) return;
    patience.refresh();
    await giveOut(payload, span).catch(over.reject);
    if (BigInt(payload.batch.lastOffset()) + 1n < BigInt(span.end)) return;
    open.delete(nameOf(span));
    if (open.size === 0) over.resolve();
  }

  async function giveOut({ batch, resolveOffset, heartbeat }: EachBatchPayload, span: Span): Promise<void> {
    for (const message of batch.messages) {
      if (BigInt(message.offset) >= BigInt(span.end)) return;
      // What was compressed together comes together, also what lies before the start.
      if (BigInt(message.offset) >= BigInt(span.start)) await onRecord(toRecord(batch.topic, batch.partition, message));
      resolveOffset(message.offset);
      await heartbeat();
    }
  }
}

function nameOf({ topic, partition }: Pick<Span, 'topic' | 'partition'>): string {
  return `${topic} ${partition}`;
}

// The broker forgets an empty group by itself after a week; until then it would only stand in lists.
async function forgetGroup(kafka: Kafka, group: string): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.deleteGroups([group]);
  } catch {
    // It is not there, or may not be removed by us: neither harms.
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { defaultKafkaSettings as settings } from '@orchestra/backends/kafka';
import { Kafka, logLevel, Partitioners, type EachMessagePayload } from 'kafkajs';
import type { HopRecord } from './make-records.ts';
import { hopKinds, topicsOf } from './place.ts';

/** Sends records and sees when their answers come back, all on the clock of this process. */
export interface Load {
  /**
   * Sends the records at an even rate, whether answers come or not.
   *
   * @returns milliseconds from the send to the answer of each record
   * @throws Error when an answer is missing half a minute after the last record was sent
   */
  send(topic: string, records: readonly HopRecord[], perSecond: number): Promise<number[]>;
  stop(): Promise<void>;
}

const patienceMs = 30_000;

interface Waiting {
  sentAt: number;
  answered(ms: number): void;
}

/** Connects the producer of all records and the one consumer of all answers. */
export async function startLoad(brokers: string): Promise<Load> {
  const kafka = new Kafka({ clientId: 'bench-load', brokers: [brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const consumer = kafka.consumer({ groupId: 'bench.load', maxWaitTimeInMs: settings.maxWaitMs });
  const waiting = new Map<string, Waiting>();

  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: hopKinds.map((kind) => topicsOf(kind).to), fromBeginning: true });
  const joined = new Promise((resolve) => {
    consumer.on(consumer.events.FETCH, resolve);
  });
  await consumer.run({ partitionsConsumedConcurrently: settings.partitionsConcurrently, eachMessage: see });
  await joined;
  return {
    send,
    async stop() {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };

  async function see({ message: { key } }: EachMessagePayload): Promise<void> {
    const id = key?.toString() ?? '';
    const record = waiting.get(id);
    // The second delivery of a record is no answer.
    if (record === undefined) return;
    waiting.delete(id);
    record.answered(performance.now() - record.sentAt);
  }

  async function send(topic: string, records: readonly HopRecord[], perSecond: number): Promise<number[]> {
    const beganAt = performance.now();
    const answers: Promise<number>[] = [];
    for (const [index, record] of records.entries()) {
      await delay(Math.max(0, beganAt + (index * 1000) / perSecond - performance.now()));
      answers.push(expect(record.id));
      void producer.send({ topic, acks: -1, messages: [record] });
    }
    const late = delay(patienceMs, 'late' as const, { ref: false });
    const answered = await Promise.race([Promise.all(answers), late]);
    if (answered === 'late') throw new Error(`${waiting.size} of ${records.length} answers on ${topic} are missing`);
    return answered;
  }

  function expect(id: string): Promise<number> {
    return new Promise((answered) => {
      waiting.set(id, { sentAt: performance.now(), answered });
    });
  }
}

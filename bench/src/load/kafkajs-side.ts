import { defaultKafkaSettings as settings } from '@orchestra/backends/kafka';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { chainTopics, steps, type LoadPlace } from './place.ts';

/** kafkajs as one would write it: for each step a consumer that passes the record on, under the settings of our bus. */
export async function startKafkajsSide({ brokers }: LoadPlace): Promise<() => Promise<void>> {
  const kafka = new Kafka({ clientId: 'bench-chain', brokers: [brokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const stops = await Promise.all(steps.map((_step, index) => startStep(kafka, producer, index)));
  return async () => {
    for (const stop of stops) await stop();
    await producer.disconnect();
  };
}

async function startStep(kafka: Kafka, producer: Producer, index: number): Promise<() => Promise<void>> {
  const [from = '', to = ''] = chainTopics().slice(index, index + 2);
  const consumer = kafka.consumer({
    groupId: `bench.chain.${index}`,
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatMs,
    maxWaitTimeInMs: settings.maxWaitMs,
    allowAutoTopicCreation: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [from], fromBeginning: true });
  const joined = new Promise((resolve) => {
    consumer.on(consumer.events.FETCH, resolve);
  });
  await consumer.run({
    partitionsConsumedConcurrently: settings.partitionsConcurrently,
    autoCommitInterval: settings.commitEveryMs,
    autoCommitThreshold: settings.commitEveryRecords,
    async eachMessage({ message: { key, value } }) {
      if (key === null || value === null) return;
      await producer.send({ topic: to, acks: -1, messages: [{ key, value }] });
    },
  });
  await joined;
  return () => consumer.disconnect();
}

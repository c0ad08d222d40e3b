import { randomBytes } from 'node:crypto';
import { defaultKafkaSettings as settings } from '@orchestra/backends/kafka';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { openBackends } from '../hop/open-backends.ts';
import { admissionOf } from '../hop/prepare-runs.ts';
import { chainTopics, type LoadPlace } from './place.ts';
import type { Sender } from './sender.ts';

const bodyBytes = 500;

/** Puts records into the chain. */
export async function startChainSender({ brokers }: LoadPlace): Promise<Sender> {
  const [first = '', ...rest] = chainTopics();
  const producer = kafkaOf(brokers, 'bench-chain-sender').producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const end = await watchEnd({ brokers, topic: rest.at(-1) ?? '', group: 'bench.chain.end' });
  return {
    async begin(ids) {
      const messages = ids.map((id) => ({ key: id, value: randomBytes(bodyBytes) }));
      await producer.send({ topic: first, acks: -1, messages });
    },
    onEnd: end.onEnd,
    async close() {
      await end.close();
      await producer.disconnect();
    },
  };
}

/** Admits runs as the route of gitops does, and hears of their last event. */
export async function startRunSender(place: LoadPlace): Promise<Sender> {
  const { store, close } = await openBackends(place);
  const end = await watchEnd({ brokers: place.brokers, topic: 'deployment_triggered', group: 'bench.runs.end' });
  return {
    async begin(ids) {
      await Promise.all(ids.map((id) => store.admit(admissionOf(id))));
    },
    onEnd: end.onEnd,
    async close() {
      await end.close();
      await close();
    },
  };
}

interface Watched {
  brokers: string;
  topic: string;
  group: string;
}

async function watchEnd({ brokers, topic, group }: Watched): Promise<Pick<Sender, 'onEnd' | 'close'>> {
  let tell: ((id: string) => void) | null = null;
  const consumer = kafkaOf(brokers, group).consumer({ groupId: group, maxWaitTimeInMs: settings.maxWaitMs });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const joined = new Promise((resolve) => {
    consumer.on(consumer.events.FETCH, resolve);
  });
  await consumer.run({ eachMessage: async ({ message: { key } }) => tell?.(key?.toString() ?? '') });
  await joined;
  return {
    onEnd: (ended) => {
      tell = ended;
    },
    close: () => consumer.disconnect(),
  };
}

function kafkaOf(brokers: string, clientId: string): Kafka {
  return new Kafka({ clientId, brokers: [brokers], logLevel: logLevel.ERROR });
}

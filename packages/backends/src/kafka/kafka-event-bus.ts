import type { EventBus, Subscription } from '@orchestra/runtime';
import { ensureTopics } from './admin.ts';
import { createKafkaClient } from './kafka-client.ts';
import { createPublisher } from './publisher.ts';
import { readRange } from './read-range.ts';
import type { KafkaOptions } from './settings.ts';
import { startSubscription } from './subscription.ts';

/**
 * Creates the event bus on Kafka. Connects at the first use, and again by itself after an outage.
 *
 * Consumers take part in their group from the beginning of the topics, commit what was consumed every second, and
 * redeliver the rest after a crash. `close` stops the subscriptions too.
 */
export function createKafkaEventBus(options: KafkaOptions): EventBus {
  const client = createKafkaClient(options);
  const publisher = createPublisher(client);
  const subscriptions: Subscription[] = [];

  return {
    ensureTopics: async (topics) => ensureTopics(client, topics),
    publish: publisher.publish,
    subscribe: async (subscribe) => {
      const subscription = await startSubscription(client, subscribe);
      subscriptions.push(subscription);
      return subscription;
    },
    read: async (range) => readRange(client, range),
    close: async () => {
      await Promise.all(subscriptions.map(async (subscription) => subscription.stop()));
      await publisher.close();
    },
  };
}

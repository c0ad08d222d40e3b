import { testDeadLetters } from '@orchestra/testkit';
import { open } from './open-kafka-event-bus.fixture.ts';
import { platformTopics } from './topic-settings.ts';

testDeadLetters('Kafka', async () => {
  const bus = await open(process.env['KAFKA_BROKERS'] ?? '');
  await bus.ensureTopics(platformTopics());
  return { bus, close: () => bus.close() };
});

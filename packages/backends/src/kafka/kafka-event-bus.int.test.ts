import { testEventBus } from '@orchestra/testkit';
import { open } from './open-kafka-event-bus.fixture.ts';

const brokers = process.env['KAFKA_BROKERS'] ?? '';

testEventBus('Kafka', async () => ({
  open: async () => open(brokers),
  // A port on which nobody listens.
  openUnreachable: async () => open('127.0.0.1:1'),
  crash: { module: new URL('open-kafka-event-bus.fixture.ts', import.meta.url).href, argument: brokers },
  sharesGroups: true,
  close: async () => undefined,
}));

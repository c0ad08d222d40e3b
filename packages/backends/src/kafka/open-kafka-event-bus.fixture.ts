import type { EventBus } from '@orchestra/runtime';
import { createKafkaEventBus } from './kafka-event-bus.ts';
import type { KafkaSettings } from './settings.ts';

/** Short times, so that a killed member is given up within a test. */
export const quickSettings: Partial<KafkaSettings> = {
  sessionTimeoutMs: 1_500,
  heartbeatMs: 300,
  rebalanceTimeoutMs: 5_000,
  maxWaitMs: 200,
  // Long enough for the first answers of a broker on a busy machine.
  connectTimeoutMs: 2_000,
  // So few that an outage of seconds makes the client give up, and come back.
  retries: 2,
  firstRetryMs: 50,
  longestRetryMs: 500,
  partitions: 4,
};

/** Opens the bus of the tests; also from a process that is killed. */
export async function open(brokers: string): Promise<EventBus> {
  return createKafkaEventBus({ brokers: brokers.split(','), clientId: 'orchestra-test', settings: quickSettings });
}

import { OrchestraError } from '@orchestra/runtime';
import type { Admin } from 'kafkajs';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';
import { describeTopic } from './topic-settings.ts';

/**
 * Makes the topics that do not exist yet. Existing ones stay as they are.
 *
 * @throws OrchestraError `BUS_UNAVAILABLE`, retriable
 */
export async function ensureTopics({ kafka, settings }: KafkaClient, topics: readonly string[]): Promise<void> {
  await withAdmin(kafka.admin(), async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = [...new Set(topics)].filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;

    const brokers = (await admin.describeCluster()).brokers.length;
    await admin
      .createTopics({
        topics: missing.map((topic) => describeTopic(topic, { settings, brokers })),
        waitForLeaders: true,
      })
      .catch(ignoreExisting);
  });
}

/**
 * Refuses to go on when a topic does not exist: a consumer would wait for it in silence.
 *
 * @throws OrchestraError `TOPIC_MISSING`, not retriable, naming all that are missing; `BUS_UNAVAILABLE`, retriable
 */
export async function requireTopics({ kafka }: KafkaClient, topics: readonly string[]): Promise<void> {
  await withAdmin(kafka.admin(), async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length > 0)
      throw new OrchestraError('TOPIC_MISSING', `No topic ${missing.join(', ')}: run the init job`);
  });
}

async function withAdmin(admin: Admin, work: (admin: Admin) => Promise<void>): Promise<void> {
  try {
    await admin.connect();
    await work(admin);
  } catch (error) {
    throw busUnavailable('The topics could not be read or made', error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

// Two init jobs at once: the other one made it first.
function ignoreExisting(error: unknown): void {
  if (!isAggregate(error) || !error.errors.every(isAlreadyThere)) throw error;
}

function isAggregate(error: unknown): error is { errors: unknown[] } {
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors);
}

function isAlreadyThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'TOPIC_ALREADY_EXISTS';
}

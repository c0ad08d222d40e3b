import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/runtime';
import type { Admin } from 'kafkajs';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { KafkaSettings } from './settings.ts';
import { describeTopic } from './topic-settings.ts';

const longestUntilServedMs = 30_000;
const lookAgainMs = 100;

/**
 * Makes the topics that do not exist yet, and waits until their leaders serve them. Existing ones stay as they are.
 *
 * @throws OrchestraError `BUS_UNAVAILABLE`, retriable
 */
export async function ensureTopics({ kafka, settings }: KafkaClient, topics: readonly string[]): Promise<void> {
  await withAdmin(kafka.admin(), async (admin) => {
    const existing = new Set(await admin.listTopics());
    const wanted = [...new Set(topics)];
    const missing = wanted.filter((topic) => !existing.has(topic));
    if (missing.length > 0) await make(admin, { missing, settings });

    // Of those that exist, another init job may have made some a moment ago.
    const giveUpAt = performance.now() + longestUntilServedMs;
    for (const topic of wanted) await untilServed(admin, { topic, giveUpAt });
  });
}

async function make(
  admin: Admin,
  { missing, settings }: { missing: string[]; settings: KafkaSettings },
): Promise<void> {
  const brokers = (await admin.describeCluster()).brokers.length;
  await admin
    .createTopics({
      topics: missing.map((topic) => describeTopic(topic, { settings, brokers })),
      waitForLeaders: true,
    })
    .catch(ignoreExisting);
}

// The metadata names a leader before that broker knows of it: whoever sends then is told that it leads nothing.
async function untilServed(admin: Admin, { topic, giveUpAt }: { topic: string; giveUpAt: number }): Promise<void> {
  try {
    await admin.fetchTopicOffsets(topic);
  } catch (error) {
    if (performance.now() > giveUpAt) throw error;
    await wait(lookAgainMs);
    await untilServed(admin, { topic, giveUpAt });
  }
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

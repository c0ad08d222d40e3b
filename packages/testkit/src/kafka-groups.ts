import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { GroupFacts } from './invariants/world-facts.ts';

/** Some groups on a cluster. */
interface Groups {
  /** `host:port`. */
  brokers: readonly string[];
  /** Which group reads which topics. */
  reads: Readonly<Record<string, readonly string[]>>;
}

/** How many records each group has not committed yet. */
export async function readLags({ brokers, reads }: Groups): Promise<GroupFacts[]> {
  return withAdmin(brokers, async (admin) => {
    const lags: GroupFacts[] = [];
    for (const [group, topics] of Object.entries(reads)) {
      const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      for (const { topic, partitions } of committed) {
        const ends = await admin.fetchTopicOffsets(topic);
        const behind = ends.map(({ partition, high, low }) => {
          const at = Number(partitions.find((one) => one.partition === partition)?.offset ?? -1);
          return Number(high) - Math.max(at, Number(low));
        });
        lags.push({ group, topic, lag: behind.reduce((sum, one) => sum + one, 0) });
      }
    }
    return lags;
  });
}

/**
 * Makes groups forget what they have read, so that they begin again at the oldest record. Works only while they have no
 * members; a group that is forgotten already stays so.
 */
export async function forgetGroups({ brokers, reads }: Groups): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    const { groups } = await admin.listGroups();
    const known = groups.map(({ groupId }) => groupId).filter((groupId) => groupId in reads);
    if (known.length > 0) await admin.deleteGroups(known);
  });
}

async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

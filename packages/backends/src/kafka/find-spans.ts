import type { RangeStart, TopicRange } from '@orchestra/runtime';
import type { Admin } from 'kafkajs';
import { busUnavailable } from './bus-errors.ts';
import type { KafkaClient } from './kafka-client.ts';

/** The records of one partition that are to be read: from `start`, up to but not including `end`. Never empty. */
export interface Span {
  topic: string;
  partition: number;
  start: string;
  end: string;
}

/** The partitions that hold something of a range, as the broker knows them now. @throws OrchestraError `BUS_UNAVAILABLE` */
export async function findSpans({ kafka }: KafkaClient, { topics, from }: TopicRange): Promise<Span[]> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const spans = await Promise.all(topics.map((topic) => spansOf(admin, topic, from)));
    return spans.flat().filter(({ start, end }) => BigInt(start) < BigInt(end));
  } catch (error) {
    throw busUnavailable('The positions of the topics could not be read', error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function spansOf(admin: Admin, topic: string, from: RangeStart): Promise<Span[]> {
  const known = await admin.fetchTopicOffsets(topic);
  const begun = from.kind === 'time' ? await admin.fetchTopicOffsetsByTimestamp(topic, from.at.getTime()) : null;
  return known.map(({ partition, low, high }) => {
    const timed = begun?.find((each) => each.partition === partition)?.offset;
    const asked = from.kind === 'offset' && from.partition === partition ? from.offset : timed;
    const start = asked === undefined || BigInt(asked) < BigInt(low) ? low : asked;
    return { topic, partition, start, end: high };
  });
}

import { isTopic, topicNames, topics } from '@orchestra/contracts';
import type { ITopicConfig } from 'kafkajs';
import type { KafkaSettings } from './settings.ts';

const dayMs = 86_400_000;
const keptMs = 7 * dayMs;
// Dead letters wait for a person, who may be on holiday.
const deadLettersKeptMs = 30 * dayMs;
const forever = -1;

const deadLetterSuffix = '.dlq';

/** Where a consumer group puts records of a topic that it cannot accept. */
export function deadLetterTopic(topic: string): string {
  return `${topic}${deadLetterSuffix}`;
}

/** All topics of the platform: those of the table, and one for the dead letters of each. */
export function platformTopics(): string[] {
  return topicNames.flatMap((topic) => [topic, deadLetterTopic(topic)]);
}

interface Place {
  settings: KafkaSettings;
  /** How many brokers the cluster has. */
  brokers: number;
}

/** How a topic is made: kept for ever where the table says so, replicated as far as the cluster allows. */
export function describeTopic(topic: string, { settings, brokers }: Place): ITopicConfig {
  const replicationFactor = Math.min(settings.replicas, brokers);
  const minInSync = Math.max(1, replicationFactor - 1);
  return {
    topic,
    numPartitions: topic.endsWith(deadLetterSuffix) ? 1 : settings.partitions,
    replicationFactor,
    configEntries: [
      { name: 'retention.ms', value: String(retentionMs(topic)) },
      { name: 'min.insync.replicas', value: String(minInSync) },
    ],
  };
}

function retentionMs(topic: string): number {
  if (topic.endsWith(deadLetterSuffix)) return deadLettersKeptMs;
  return isTopic(topic) && topics[topic].keptForever ? forever : keptMs;
}

import { describe, expect, it } from '@jest/globals';
import { defaultKafkaSettings } from './settings.ts';
import { deadLetterTopic, describeTopic, platformTopics } from './topic-settings.ts';

const settings = defaultKafkaSettings;

describe('describeTopic', () => {
  it.each([
    ['keeps what is needed for ever', 'deployment_triggered', '-1'],
    ['keeps people`s orders for ever', 'operator_command', '-1'],
    ['keeps other events for seven days', 'build_ready', '604800000'],
    [
      'keeps dead letters for thirty days, also those of a topic that is kept for ever',
      'rollback_event.dlq',
      '2592000000',
    ],
    ['keeps topics that are not in the table for seven days', 'test-topic', '604800000'],
  ])('%s', (_, topic, retention) => {
    const { configEntries } = describeTopic(topic, { settings, brokers: 1 });

    expect(configEntries).toContainEqual({ name: 'retention.ms', value: retention });
  });

  it.each([
    [1, 1, '1'],
    [2, 2, '1'],
    [3, 3, '2'],
    [9, 3, '2'],
  ])('replicates on %s brokers %s times, of which %s must have a record', (brokers, replicas, inSync) => {
    const { replicationFactor, configEntries } = describeTopic('build_ready', { settings, brokers });

    expect(replicationFactor).toBe(replicas);
    expect(configEntries).toContainEqual({ name: 'min.insync.replicas', value: inSync });
  });

  it('makes 12 partitions, and one for dead letters', () => {
    expect(describeTopic('build_ready', { settings, brokers: 1 }).numPartitions).toBe(12);
    expect(describeTopic('build_ready.dlq', { settings, brokers: 1 }).numPartitions).toBe(1);
  });
});

describe('platformTopics', () => {
  it('names each topic of the table with its dead letters', () => {
    expect(platformTopics()).toHaveLength(20);
    expect(platformTopics()).toEqual(expect.arrayContaining(['code_push', deadLetterTopic('code_push')]));
  });
});

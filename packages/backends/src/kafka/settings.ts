import type { KafkaConfig } from 'kafkajs';

/** What the bus tells about the Kafka client. The message is a constant, the rest is data. */
export interface BusLog {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** How the bus behaves. Times in milliseconds; tests use shorter ones. */
export interface KafkaSettings {
  /** A member that is silent for so long is given up, and its partitions go to others. */
  sessionTimeoutMs: number;
  heartbeatMs: number;
  /** How long a rebalance waits for members that are busy with a record. */
  rebalanceTimeoutMs: number;
  /** How long the broker holds a fetch when there is nothing; it answers at once when there is something. */
  maxWaitMs: number;
  partitionsConcurrently: number;
  commitEveryMs: number;
  commitEveryRecords: number;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  /** Attempts of the client before it reports an error. A send has few of them: the relay sends again by itself. */
  retries: number;
  sendRetries: number;
  firstRetryMs: number;
  /** The longest wait between two attempts, and so the time until the broker's return is noticed. */
  longestRetryMs: number;
  /** Of topics that `ensureTopics` makes. */
  partitions: number;
  /** 3 where there are three brokers; never more than there are. */
  replicas: number;
}

/** Where the cluster is, and who we are there. */
export interface KafkaOptions {
  /** `host:port`, at least one. */
  brokers: readonly string[];
  /** Names this process in the broker's logs and quotas, `orchestra-<service>`. */
  clientId: string;
  ssl?: KafkaConfig['ssl'];
  sasl?: KafkaConfig['sasl'];
  log?: BusLog;
  settings?: Partial<KafkaSettings>;
}

/** What was measured to work against Kafka 4.3 with kafkajs 2.2.4. */
export const defaultKafkaSettings: KafkaSettings = {
  sessionTimeoutMs: 10_000,
  heartbeatMs: 1_500,
  rebalanceTimeoutMs: 60_000,
  maxWaitMs: 500,
  partitionsConcurrently: 4,
  commitEveryMs: 1_000,
  commitEveryRecords: 100,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 30_000,
  retries: 8,
  sendRetries: 3,
  firstRetryMs: 300,
  longestRetryMs: 5_000,
  partitions: 12,
  replicas: 3,
};

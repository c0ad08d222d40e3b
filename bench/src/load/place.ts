/** Where a side of the comparison finds its servers, and under which names it works. */
export interface LoadPlace {
  brokers: string;
  redisUrl: string;
  /** Prefix of our keys in Redis. */
  prefix: string;
  /** Prefix of BullMQ's keys in Redis. */
  queues: string;
}

export const loadKinds = ['runtime', 'bullmq', 'kafkajs'] as const;

/** Our five stages; a BullMQ flow of five jobs; five kafkajs consumers in a chain. */
export type LoadKind = (typeof loadKinds)[number];

/** The five steps, in their order. */
export const steps = ['gitops', 'build', 'test', 'iac', 'deploy'] as const;

/** Topics of the bare chain: step number n reads the n-th and writes the next one. */
export function chainTopics(): string[] {
  return Array.from({ length: steps.length + 1 }, (_none, index) => `bench.chain.${index}`);
}

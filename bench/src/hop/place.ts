/** Where a subject of the hop finds its servers, and under which names it works. */
export interface Place {
  brokers: string;
  redisUrl: string;
  /** Prefix of all its keys in Redis. */
  prefix: string;
}

export const hopKinds = ['bare', 'by-hand', 'runtime'] as const;

/** (a) kafkajs alone; (b) the same with three fsynced writes; ours. */
export type HopKind = (typeof hopKinds)[number];

/** The topic that a subject reads and the one that it writes. */
export function topicsOf(kind: HopKind): { from: string; to: string } {
  if (kind === 'runtime') return { from: 'code_push', to: 'build_ready' };
  return { from: `bench.${kind}.in`, to: `bench.${kind}.out` };
}

/** Both sides of the comparison carry bodies of this size. */
export const bodyBytes = 500;

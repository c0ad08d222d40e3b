import type { Received, RunState, ServiceName, Target, Topic } from '@orchestra/contracts';
import type { HistoryEntry, JobRecord, Quarantined, QueueStats } from '@orchestra/runtime';

/** All that a checker may look at once a world has come to rest. Plain data: whoever gathers it is asked nothing more. */
export interface WorldFacts {
  runs: readonly RunFacts[];
  queues: readonly QueueFacts[];
  targets: readonly TargetFacts[];
  quarantine: readonly Quarantined[];
  /** The records of all topics and of all dead letters, each topic in the order of its partitions. */
  records: readonly RecordFacts[];
  /** How far the consumer groups are. A group that is not named took no part, and owes no dead letter. */
  groups: readonly GroupFacts[];
  /** What was promised to the forge and to people: answers of 202 and 200 to pushes. */
  pushes: readonly AcceptedPush[];
  /** What was done to the outside world, in the order in which the world saw it. */
  effects: readonly Effect[];
  /** What stands in the channels. */
  messages: readonly PostedMessage[];
  /** What is still there although it should be gone, as far as the store does not tell. */
  leftovers: readonly Leftover[];
}

export interface RunFacts {
  /** With the units, the wishes, the generation and the slices. */
  state: RunState;
  history: readonly HistoryEntry[];
  jobs: readonly JobRecord[];
}

export interface QueueFacts extends QueueStats {
  service: ServiceName;
}

export interface TargetFacts {
  key: string;
  version: number;
  target: Target;
}

/** A record as it lies in its topic. */
export interface RecordFacts {
  /** `<topic>.dlq` for a dead letter. */
  topic: string;
  partition: number;
  offset: string;
  key: string;
  /** The untouched bytes; null: the record has none. */
  value: Buffer | null;
  headers: Readonly<Record<string, string>>;
  /** ISO 8601. */
  at: string;
  /** What it says; null: a dead letter, or a record that nobody can read. */
  event: Received<Topic> | null;
  /** The code of the error with which it cannot be read; null: it can, or it is a dead letter. */
  problem: string | null;
}

export interface GroupFacts {
  /** `orchestra.<service>`. */
  group: string;
  topic: string;
  /** Records that the group has not taken yet. */
  lag: number;
}

/** A push whose answer promised a run. */
export interface AcceptedPush {
  delivery: string;
  runId: string;
  repository: string;
  ref: string;
  commit: string;
  /** ISO 8601. */
  at: string;
}

/**
 * What kinds of effect a ledger tells apart: `return` is deploy's own way back from a canary, `rollback` that of the
 * service; `claim` writes nothing but an epoch.
 */
export type EffectKind =
  | 'image_push'
  | 'apply'
  | 'claim'
  | 'deploy_step'
  | 'return'
  | 'rollback'
  | 'retire'
  | 'message'
  | 'commit_status';

/** One line of the ledger that a fake world, or a probe of a real one, keeps. */
export interface Effect {
  kind: EffectKind;
  /** For whom; null: the world cannot tell, and it is found by the release or the epoch of the target. */
  run: string | null;
  unit: string | null;
  generation: number | null;
  /** What is done, so that two different things of one unit differ: `step 2`, a digest, the key of a message. */
  key: string;
  /** The target in the world; null: it is no effect on one. */
  target: string | null;
  epoch: number | null;
  /** The release that it brings or gives traffic to; null: none. */
  release: string | null;
  /** The shares of the traffic after it, by release; null: it does not move traffic. */
  weights: Readonly<Record<string, number>> | null;
  /** False: the world was like that already, so nothing happened twice. */
  changed: boolean;
  /** ISO 8601. */
  at: string;
  /** The process that did it, such as `deploy#2`. */
  by: string;
}

/** A message that people can read. */
export interface PostedMessage {
  channel: string;
  ts: string;
  /** The message whose thread it stands in; null: it begins one. */
  thread: string | null;
  /** Names what it is about, and is the same for a repeat; from the message's metadata. */
  key: string;
  text: string;
  run: string | null;
  at: string;
}

export interface Leftover {
  kind: 'process' | 'workspace' | 'lease' | 'timer' | 'lock';
  /** A pid, a path, an id. */
  name: string;
  run: string | null;
}

import type { WishKind, RunIdentity } from '../run-state/run.ts';
import type { Slices } from '../run-state/slices.ts';
import type { Status } from '../run-state/status.ts';
import type { ServiceName, Topic } from '../topics.ts';

/** Where a unit stands by what the events say. */
export interface FoldedUnit {
  generation: number;
  status: Status;
  reason: string | null;
  /** ISO 8601: when the event says that it was so. */
  at: string;
  /** The event that says so. */
  eventId: string;
  /** Not the service of the unit says it: deploy ends a watched rollout without an event, on what it hears of others. */
  derived: boolean;
}

/** What the events tell of a run's identity. Where it is cloned from is configuration, and no event carries it. */
export interface FoldedIdentity extends Pick<
  RunIdentity,
  | 'repository'
  | 'ref'
  | 'branch'
  | 'before'
  | 'commit'
  | 'author'
  | 'message'
  | 'trigger'
  | 'pullRequest'
  | 'environmentLimit'
> {
  sequence: number;
  /** ISO 8601: when the push was read. */
  pushedAt: string;
  /** Where the plan and the snapshot are kept; null: the push was refused or never read. */
  planDigest: string | null;
  snapshotDigest: string | null;
  /** The names under which the push is known again; null: an older version has told it. */
  delivery: string | null;
  content: string | null;
  /** Who pushed; empty: the forge did not tell; null: an older version has told of it. */
  pusher: string | null;
}

/** An event that was folded, and who has to know that it was seen. */
export interface FoldedSeen {
  eventId: string;
  topic: Topic;
  source: ServiceName;
  generation: number;
  /** The unit that it is of, or the name of its topic. */
  subject: string;
}

/** The folded part of one run's state: what can be rebuilt from the topics alone (protocol section 7). */
export interface FoldedRun {
  runId: string;
  /** Null: its `code_push` is not among the events. */
  identity: FoldedIdentity | null;
  /** The newest generation of which there is an event. */
  generation: number;
  units: Readonly<Record<string, FoldedUnit>>;
  /** The wishes that events tell of, by the reasons of the units that they ended; all bind the newest generation. */
  wishes: readonly WishKind[];
  /** What events carry of them; the rest is empty or `unknown`: comfort, lost with the store. */
  slices: Slices;
  /** In the order of the events. */
  seen: readonly FoldedSeen[];
}

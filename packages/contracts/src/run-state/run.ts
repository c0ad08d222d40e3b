import type { Trigger } from '../events.generated.ts';
import type { ServiceName } from '../topics.ts';
import type { Slices } from './slices.ts';
import type { Status } from './status.ts';

/** What is asked of running work. A wish binds its generation and every older one. */
export type WishKind = 'cancel' | 'superseded' | 'halted' | 'deadline' | 'stalled';

export interface Wish {
  wish: WishKind;
  /** The newest generation that it binds. */
  generation: number;
  /** The units that it binds; null: all of the run. */
  units: readonly string[] | null;
  reason: string;
  actor: string | null;
  at: string;
}

export interface UnitState {
  generation: number;
  status: Status;
  /** A snake_case word for programs, or null. */
  reason: string | null;
  /** The sentence for people, or null. */
  message: string | null;
  /** When the status was last written, ISO 8601. */
  at: string;
  /** When the first attempt of this generation began, and when it ended. */
  startedAt: string | null;
  endedAt: string | null;
}

/** One unit that the plan of a run foresees. */
export interface PlannedUnit {
  unit: string;
  service: ServiceName;
  /** The units whose outcomes lead to this one, directly: what a retry makes anew follows these. */
  after: readonly string[];
  /** The inputs of its gate; null: the unit starts with an event, without a gate. */
  gate: readonly string[] | null;
  /** How long its gate waits, from the moment it is armed. */
  gateDeadlineMs: number;
}

/** The identity of a run: everything that `admit` knows. */
export interface RunIdentity {
  runId: string;
  repository: string;
  ref: string;
  /** Null for a tag or a bare commit. */
  branch: string | null;
  commit: string;
  before: string | null;
  author: string;
  message: string | null;
  trigger: Trigger;
  pullRequest: number | null;
  /** Where the source is fetched from; made by configuration, never taken from a payload. */
  cloneUrl: string;
  /** The last environment that this run may reach; null: all. */
  environmentLimit: string | null;
  metadata: Readonly<Record<string, string>>;
}

/** The shared state object of a run. All services read all of it; each writes its own slice. */
export interface RunState extends RunIdentity {
  /** Revision: raised by each change. */
  v: number;
  /** One counter a repository; orders the runs of a lane, and is the short number for people. */
  sequence: number;
  generation: number;
  createdAt: string;
  deadlineAt: string | null;
  /** Set when every planned unit is terminal. */
  endedAt: string | null;
  hopsLimit: number;
  /** Empty until gitops has read the pipeline file. */
  plannedUnits: readonly PlannedUnit[];
  units: Readonly<Record<string, UnitState>>;
  wishes: readonly Wish[];
  /** What every page about this run must say, such as `unsandboxed`. */
  notes: readonly string[];
  slices: Slices;
}

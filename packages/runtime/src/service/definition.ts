import type {
  Breach,
  ConsumedBy,
  GateInputOf,
  Outgoing,
  PublishedBy,
  Received,
  RunState,
  ServiceName,
  SlicePatch,
  Status,
  TerminalStatus,
  Topic,
} from '@orchestra/contracts';
import type { Router } from 'express';
import type { JobContext, RouteContext, ServiceContext } from './context.ts';

/** A durable wake-up: `task` names a handler of the service. Its job id follows from the job that asked for it and `name`. */
export interface Timer {
  name: string;
  task: string;
  delayMs: number;
  /** The unit it works for; null: of no unit, so wishes leave it alone. */
  unit: string | null;
  payload: unknown;
  /** Default: true with a unit. False: wishes leave it alone, as the watch over a release that serves. */
  bound?: boolean;
}

/** A target document to write in the same step; see `TargetChange` of the store. */
export interface TargetWrite {
  key: string;
  expected: number;
  target: object;
  wake?: readonly { service: ServiceName; jobId: string; memo: unknown }[];
  quarantine?: readonly {
    repository: string;
    key: string;
    release: string | null;
    reason: string;
    alertId: string | null;
    breach?: Breach | null;
  }[];
  unlessQuarantined?: { repository: string; keys: readonly string[] };
}

/** What a decision was made of, for the run's history. */
export interface Decided {
  what: string;
  reason: string;
  facts: unknown;
}

/** The end of one job: what its unit, its slice, its followers and the world of events learn, all in one step. */
export interface Ended<S extends ServiceName> {
  kind: 'end';
  /** Terminal, or where a unit stands that goes on by another job; null: this job does not move a unit. */
  status: Status | null;
  reason?: string | null;
  /** The sentence for people. */
  message?: string | null;
  events: readonly Outgoing<PublishedBy<S>>[];
  slice?: SlicePatch<S>;
  timers?: readonly Timer[];
  target?: TargetWrite;
  decided?: readonly Decided[];
  /** Asks the siblings to stop: `halt_on_failure`. */
  halt?: string;
  /** What every page about this run must say. */
  notes?: readonly string[];
  /** Only gitops: what the run consists of. */
  plan?: { units: RunState['plannedUnits']; deadlineMs: number; hopsLimit: number };
}

/** The job sleeps without a worker; the same handler is called again, with `context.job.memo`. */
export interface ParkedResult<S extends ServiceName> {
  kind: 'park';
  reason: string;
  message?: string | null;
  /** Null: until it is woken. */
  delayMs: number | null;
  memo?: unknown;
  answerKey?: string;
  /** `running` for a watch, `waiting` (the default) for a person or a lane. */
  status?: 'waiting' | 'running';
  slice?: SlicePatch<S>;
  target?: TargetWrite;
}

/**
 * What a handler gives back. `again`: the facts moved under it (`changeTarget` said so); it is called again at once.
 * A `target_moved` or `quarantined` of the final step calls the handler again by itself.
 */
export type Result<S extends ServiceName> = Ended<S> | ParkedResult<S> | { kind: 'again' };

/** Why a unit ends without its work: the runtime asks `conclude` for the event that says so. */
export interface Conclusion {
  status: Exclude<TerminalStatus, 'success' | 'not_needed' | 'failure'>;
  reason: string;
  message: string;
}

export interface JobLimits {
  /** Tries at infrastructure trouble (default 3). */
  attempts?: number;
  /** Longest time of one attempt in milliseconds (default 1 hour). */
  maxMs?: number;
  /** How many of these jobs one process works at, at once (default 4). */
  concurrency?: number;
}

/** A handler that owns a unit: it ends in a terminal status and at least one event, goes on by another job, or parks. */
export interface StageHandler<S extends ServiceName, T extends Topic> extends JobLimits {
  kind: 'stage';
  /** The unit that the event is for; null: for none, so it is for `reaction` or makes no job. */
  unit(event: Received<T>): string | null;
  /** False: wishes on the run leave the job alone, as the watch over a release that serves. Default: bound. */
  bound?(event: Received<T>): boolean;
  handle(event: Received<T>, context: JobContext<S>): Promise<Result<S>>;
  /** The end of the unit without its work: cancelled, skipped, timed out, error. Pure but for the run's state. */
  conclude(conclusion: Conclusion, event: Received<T>, context: JobContext<S>): Promise<Ended<S>> | Ended<S>;
  /** True: `handle` is called under a wish too and obeys it by itself (a rollout has to return traffic). */
  obeysWishes?: boolean;
  /** A job for events of this topic that are for this service, and for no unit of it. */
  reaction?: ReactionHandler<S, T>;
}

/** Owns no unit and may publish nothing: bookkeeping, or a move of something that a unit of another job stands for. */
export interface ReactionHandler<S extends ServiceName, T extends Topic> extends JobLimits {
  kind: 'reaction';
  /** False: not for this service; the event is only marked as seen. */
  concerns?(event: Received<T>): boolean;
  handle(event: Received<T>, context: JobContext<S>): Promise<Result<S>>;
}

/** An event that is an input of this service's gates (and arms them); it may be a reaction as well. */
export interface InputHandler<S extends ServiceName, T extends Topic> {
  kind: 'input';
  /** What it says about which unit; null: it is no input. */
  input(event: Received<T>): GateInputOf | null;
  /** A job beside the gate. */
  reaction?: ReactionHandler<S, T>;
}

/** The event arms the gates of this service and makes no job. */
export interface ArmsHandler {
  kind: 'arms';
}

/** The event makes the run due for rendering by this service. Everything shown comes from the run's state. */
export interface FollowHandler {
  kind: 'follow';
}

export type TopicHandler<S extends ServiceName, T extends Topic> =
  | StageHandler<S, T>
  | ReactionHandler<S, T>
  | InputHandler<S, T>
  | ArmsHandler
  | FollowHandler;

/** The job in which a gate of this service ends. Called once the gate is `opened`; any other end is concluded. */
export interface GateHandler<S extends ServiceName> extends JobLimits {
  handle(context: JobContext<S>): Promise<Result<S>>;
  conclude(conclusion: Conclusion, context: JobContext<S>): Promise<Ended<S>> | Ended<S>;
  obeysWishes?: boolean;
}

/** A task: a timer's, a schedule's, a command's or a person's job. `payload` is what was asked, parsed by the task. */
export interface TaskHandler<S extends ServiceName> extends JobLimits {
  handle(payload: unknown, context: JobContext<S>): Promise<Result<S>>;
  /** For a task with a unit: how the unit ends when the task cannot be done. Absent: the failure is logged. */
  conclude?(conclusion: Conclusion, payload: unknown, context: JobContext<S>): Promise<Ended<S>> | Ended<S>;
  obeysWishes?: boolean;
}

/** A task that the service does again and again, in one of its replicas. */
export interface Schedule {
  task: string;
  everyMs: number;
}

/** Renders a run for people elsewhere: a commit status, a message. Called with the newest revision, one at a time a run. */
export type Render = (run: RunState, context: ServiceContext) => Promise<Readonly<Record<string, unknown>>>;

/** The card of a service: everything it listens to, waits for, does by itself and answers. */
export interface Service<S extends ServiceName> {
  name: S;
  /** Jobs of all handlers together that one process works at, at once (default: the engine's setting). */
  concurrency?: number;
  on: { [T in ConsumedBy<S>]: TopicHandler<S, T> };
  gate?: GateHandler<S>;
  tasks?: Readonly<Record<string, TaskHandler<S>>>;
  schedules?: readonly Schedule[];
  /** Adds routes of the service; raw bodies and limits are the route's own. */
  routes?(router: Router, context: RouteContext): void;
  render?: Render;
  /** Opens what the service holds open; returns what closes it. */
  start?(context: ServiceContext): Promise<() => Promise<void>>;
}

/** Demands exactly the handlers that the topic table lists for the service, and lets it publish only its own topics. */
export function defineService<S extends ServiceName>(service: Service<S>): Service<S> {
  return service;
}

import type { Plan, RunState, ServiceName, SlicePatch, Wish } from '@orchestra/contracts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { GateVerdict } from '../ports/jobs.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { Finished, RunStore } from '../ports/run-store.ts';
import type { Decided, TargetWrite } from './definition.ts';

/** A log with the service, run and event on each line. The message is a constant, the rest is data. */
export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
  child(data: object): Log;
}

/** The parts of the store that a service may use by itself; everything that moves a unit goes through a job's result. */
export type ServiceStore = Pick<
  RunStore,
  | 'admit'
  | 'answer'
  | 'audit'
  | 'enqueue'
  | 'findRun'
  | 'keepSample'
  | 'listRuns'
  | 'listTargets'
  | 'noteHead'
  | 'readAnswer'
  | 'readAudit'
  | 'readHeads'
  | 'readHistory'
  | 'readJob'
  | 'readJobs'
  | 'readQuarantine'
  | 'readRun'
  | 'readSamples'
  | 'readTarget'
  | 'releaseQuarantine'
  | 'retry'
  | 'setWish'
  | 'stats'
  | 'onWake'
>;

/** What a service has while it runs: in routes, schedules and renderers. */
export interface ServiceContext {
  store: ServiceStore;
  artifacts: ArtifactStore;
  logs: LogStore;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Aborts when the process is asked to stop. */
  stopping: AbortSignal;
  /** Whether the service takes work: false while the store, the bus or the queue says no. */
  ready(): { ready: boolean; problems: readonly string[] };
  /** What each new run has to say about this installation, such as `store_unsafe`. */
  notes: readonly string[];
}

/** What routes have beside it: what people may do that no service does by itself. */
export interface RouteContext extends ServiceContext {
  deadLetters: DeadLetters;
}

/** The job as its handler sees it. */
export interface JobView {
  jobId: string;
  /** The event, gate or timer behind it. */
  cause: string;
  causes: readonly string[];
  unit: string | null;
  generation: number;
  attempt: number;
  /** Attempts that died with their worker. */
  stalls: number;
  /** How often it was parked. */
  parks: number;
  gate: GateVerdict | null;
  /** What `park` kept or an answer brought. */
  memo: unknown;
  createdAt: Date;
}

/** What the runtime gives to one attempt of one job. */
export interface JobContext<S extends ServiceName> extends Omit<ServiceContext, 'ready' | 'stopping'> {
  job: JobView;
  /** The run as it was when the attempt began. @throws OrchestraError `RUN_UNKNOWN` for a job without a run */
  run: RunState;
  /** The pipeline file as it holds for the run. @throws OrchestraError `ARTIFACT_MISSING` when the file was not valid */
  plan(): Promise<Plan>;
  /** The time when the attempt began. */
  now: Date;
  /** Aborts on a wish (unless the handler obeys wishes itself), at the time limit and when the lease is lost. */
  signal: AbortSignal;
  /** The wishes that bind the job, as of the last renewal. */
  wishes(): readonly Wish[];
  /** Writes output for people; secrets are masked by whoever produces it. */
  output(text: string): Promise<void>;
  /** Writes a target under the job's lease. `fenced` aborts the attempt by itself. */
  changeTarget(write: TargetWrite): Promise<Exclude<Finished, 'fenced'>>;
  /** Shows progress: keys of the own slice, decisions. */
  note(slice: SlicePatch<S>, decided?: readonly Decided[]): Promise<void>;
}

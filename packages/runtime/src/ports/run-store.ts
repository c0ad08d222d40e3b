import type {
  Breach,
  PlannedUnit,
  RunIdentity,
  RunState,
  ServiceName,
  Status,
  Wish,
  WishKind,
} from '@orchestra/contracts';
import type { ClaimedJob, GateInput, GateJob, Lease, NewJob } from './jobs.ts';

/** An event that a finish stored and the relay has not yet published. */
export interface OutboxRecord {
  /** ce_id. */
  id: string;
  topic: string;
  key: string;
  /** Framed Avro. */
  value: Buffer;
  headers: Readonly<Record<string, string>>;
}

/** One line of a run's history: an event that was published, a decision, or an act of a person. JSON-safe. */
export interface HistoryEntry {
  /** Deterministic; an entry with a known id is not written again. */
  id: string;
  at: string;
  kind: 'event' | 'decision' | 'act' | 'received';
  service: ServiceName;
  unit: string | null;
  generation: number;
  /** For an event its topic, else a word such as `rollback decided`. */
  what: string;
  reason: string | null;
  causes: readonly string[];
  /** The payload or the facts. */
  detail: unknown;
}

export interface Admission {
  identity: RunIdentity;
  /** Delivery id, or the Idempotency-Key. */
  delivery: string;
  /** Names the content: the same repository, ref, before and after give the same run. */
  content: string;
  /** gitops' first job; its `runId` is the identity's. */
  job: NewJob;
  hopsLimit: number;
  /** After so many supersedes in a row a run of this ref is no longer superseded: nothing starves. */
  maxSupersedes: number;
  notes: readonly string[];
  actor: string | null;
  /** What the admission says about where the ref stands; absent: nothing, as when a person asked for the run. */
  head?: HeadMove;
}

/**
 * A push that the forge told of always moves the head of its ref. One that was found by looking moves it only from
 * `expected` (null: no head is known), or else what was decided on is old: then nothing is made, and the answer is
 * `known` with the run that moved the head meanwhile (empty: none did). A push told of late is `known` too, as
 * the run of what was found before: of the same commit, or of a later state of the ref, where the forge took the push
 * (`pushedAtMs`, milliseconds since 1970; null: it does not say) before that was found.
 */
export type HeadMove = { by: 'told'; pushedAtMs: number | null } | { by: 'found'; expected: string | null };

/** Where a ref of a repository stands, as far as it was told or found. */
export interface Head {
  ref: string;
  commit: string;
  /** The run that it made; null: none. */
  runId: string | null;
  /** Whether it was found by looking, and the forge has not told of it. */
  found: boolean;
  at: string;
}

/** Writes down where a ref stands, without a run; refused as `other` when it does not stand at `expected` any more. */
export interface NoteHead {
  repository: string;
  ref: string;
  /** Null: no head is known. */
  expected: string | null;
  /** Null: the ref is gone. */
  commit: string | null;
}

export type Admitted =
  | { kind: 'admitted'; runId: string; sequence: number; superseded: readonly string[] }
  | { kind: 'known'; runId: string };

export interface Acceptance {
  service: ServiceName;
  eventId: string;
  runId: string | null;
  /** The job to make, or null where the event is only an input or a notice. */
  job: NewJob | null;
  /** The gates that the event arms, if they are not armed yet. */
  arm: readonly GateJob[];
  /** What the event means for gates of this service, or null. */
  input: GateInput | null;
  /** Makes the run due for rendering by this service at once. */
  follow: boolean;
}

/** A run and the revision of it that people see. */
export type Rendered = Pick<RunState, 'runId' | 'v'>;

/** What became of an event. */
export type Taken = 'accepted' | 'dup' | 'run_unknown';

export interface Claim {
  service: ServiceName;
  /** Names the worker, for people. */
  owner: string;
  leaseMs: number;
  /** Handlers that are at their limit in this process. */
  except: readonly string[];
  /** Deaths after which a job comes with the wish `stalled`. */
  maxStalls: number;
}

/** A change of a target, refused as `target_moved` when the version is no longer `expected` (0: it does not exist). */
export interface TargetChange {
  key: string;
  expected: number;
  /** The new document, JSON; its version in the store becomes `expected + 1`. */
  target: string;
  /** Parked jobs to make ready in the same step, of any service. `memo`: what they are told. */
  wake: readonly { service: ServiceName; jobId: string; memo: string | null }[];
  quarantine: readonly Quarantined[];
  /** Refused as `quarantined` when one of these keys of the repository is in quarantine. */
  unlessQuarantined: { repository: string; keys: readonly string[] } | null;
}

/** A version that nothing but a person lets out again. */
export interface Quarantined {
  repository: string;
  /** A digest or a commit. */
  key: string;
  runId: string;
  release: string | null;
  reason: string;
  /** The event that led to it. */
  alertId: string | null;
  /** What was measured; null or absent: the rollout failed by itself, a person ordered it, or nobody told. */
  breach?: Breach | null;
  at: string;
}

export interface Finish {
  /** Null: the unit's status stays as it is. A terminal status is written once in a generation. */
  status: Status | null;
  reason: string | null;
  message: string | null;
  /** Keys of the service's own slice, JSON values; null removes a key. Ignored when the unit has a newer generation. */
  slice: Readonly<Record<string, string | null>>;
  outbox: readonly OutboxRecord[];
  history: readonly HistoryEntry[];
  /** Jobs of the same service that this one leads to: timers and follow-ups. */
  jobs: readonly NewJob[];
  /** A wish to set on the run, in the job's generation. */
  wish: { wish: WishKind; reason: string } | null;
  /** Written once by gitops: what the run consists of. */
  plan: { units: readonly PlannedUnit[]; deadlineMs: number; hopsLimit: number } | null;
  target: TargetChange | null;
  notes: readonly string[];
}

/**
 * `fenced`: the lease is lost; nothing was written. `target_moved`, `quarantined`: nothing was written, the lease holds,
 * and the job decides again.
 */
export type Finished = 'finished' | 'fenced' | 'target_moved' | 'quarantined';

/** Who publishes next from the outbox of a service, and for how long it has the right to. */
export interface RelayClaim {
  owner: string;
  ms: number;
}

/** Where a finish stored its records, told to the relay of its own process, which then need not read them. */
export interface HandedOver {
  /** The last position that was given before these, still stored or not: who knows it knows of all that is older. */
  after: string;
  /** One a record, in their order. */
  positions: readonly string[];
}

export interface Park {
  /** A snake_case word that people see, such as `lane`, `approval`, `watch`. */
  reason: string;
  message: string | null;
  /** Until it comes back by itself; null: only an answer, a wish or a wake brings it back. */
  delayMs: number | null;
  /** What it wants to find again, JSON; `answer` and `wake` replace it. */
  memo: string | null;
  /** An answer that may have come first: then `park` is refused as `answered`. Null: it waits for none. */
  answerKey: string | null;
  /** The unit's status while it is parked: `waiting` for a person or a lane, `running` for a watch. */
  status: 'waiting' | 'running';
  slice: Readonly<Record<string, string | null>>;
  target: TargetChange | null;
}

/** `wished`, `answered`: it may not sleep, because what it would wait for is here; the lease holds. */
export type Parked = 'parked' | 'wished' | 'answered' | 'fenced' | 'target_moved' | 'quarantined';

export interface SetWish {
  runId: string;
  wish: WishKind;
  /** Newest generation that it binds; null: the run's current one. */
  generation: number | null;
  units: readonly string[] | null;
  reason: string;
  actor: string | null;
}

export interface Retry {
  runId: string;
  /** The generation it was decided on; refused as `moved` when the run has another one. */
  expected: number;
  /** Units made anew: the retried one, all behind it, and siblings that were halted. */
  remade: readonly string[];
  /** First jobs of the new generation, for units without a gate. Their generation is `expected + 1`. */
  jobs: readonly NewJob[];
  /** Gates of the new generation, decided at once where their inputs are there. */
  gates: readonly GateJob[];
  deadlineMs: number;
  actor: string;
}

export interface RunQuery {
  repository: string | null;
  /** Newest first; at most this many. */
  limit: number;
  /** Only runs created before this run id (UUIDv7 sorts by time). */
  before: string | null;
}

/** A stored target: `target` is the JSON that the last change wrote. */
export interface StoredTarget {
  key: string;
  version: number;
  target: string;
}

/** What a release that serves measured in one minute. */
export interface KeptSample {
  /** Key of the target. */
  target: string;
  /** ISO 8601; its seconds are not kept. */
  at: string;
  release: string;
  /** Metric → value. */
  values: Readonly<Record<string, number>>;
}

/** Samples of a target from a moment up to another, both included; ISO 8601. */
export interface SampleQuery {
  target: string;
  from: string;
  to: string;
}

export interface JobRecord {
  jobId: string;
  service: ServiceName;
  runId: string | null;
  generation: number;
  unit: string | null;
  handler: string;
  payload: string;
  cause: string;
  status: 'queued' | 'running' | 'parked' | 'done';
  attempt: number;
  stalls: number;
  parkReason: string | null;
  dueAt: string | null;
  owner: string | null;
  leaseEndsAt: string | null;
  error: string | null;
}

export interface QueueStats {
  ready: number;
  /** Age of the oldest job that is due; 0 when there is none. */
  oldestReadyMs: number;
  leased: number;
  parked: number;
  outbox: number;
  oldestOutboxMs: number;
}

/** What a service may have to look at: a job became ready, its outbox has a record, a run that it renders has changed. */
export type Hint = 'jobs' | 'outbox' | 'runs';

/**
 * The shared state of all runs and the queues of all services. Each method is one atomic step that validates its
 * arguments and reads everything before the first write (protocol section 3); the time is the store's own.
 *
 * All methods throw OrchestraError `STORE_UNAVAILABLE` (retriable: the step may have happened, and is safe to repeat) and
 * `STORE_ARGUMENT_INVALID` (not retriable, nothing was written). All but `identity` and `initialize` throw
 * `STORE_NOT_INITIALIZED` (retriable) while the identity marker is absent.
 */
export interface RunStore {
  /** The identity marker, or null: an empty store. */
  identity(): Promise<string | null>;
  /** Writes the marker if there is none; returns the one that holds. */
  initialize(identity: string): Promise<string>;

  /** Maps a delivery and a content to one run; takes the sequence, creates run and job, supersedes older runs of the ref. */
  admit(admission: Admission): Promise<Admitted>;
  /** Where the refs of a repository stand, by name. They do not expire. */
  readHeads(repository: string): Promise<Head[]>;
  noteHead(note: NoteHead): Promise<'noted' | 'other'>;
  /** `dup`: seen before, nothing changed. `run_unknown`: no such run, nothing changed. */
  accept(acceptance: Acceptance): Promise<Taken>;
  /**
   * `accept` and, when the event was new, `claim` right behind it, in one step: so it gives the first due job, which need
   * not be the one of the event. Null: none is due, or the event was not accepted. No hint has to follow when nothing is
   * left to claim.
   */
  acceptAndClaim(acceptance: Acceptance, claim: Claim): Promise<{ taken: Taken; job: ClaimedJob | null }>;
  /** Creates a job that no event led to: a command, a schedule. `dup`: it exists. */
  enqueue(job: NewJob): Promise<'created' | 'dup'>;

  /** The first due job, under a new token; null: none is due. An undecided gate whose time is over is decided here. */
  claim(claim: Claim): Promise<ClaimedJob | null>;
  /** Always extends a held lease. */
  renew(lease: Lease, leaseMs: number): Promise<{ kind: 'held'; wishes: readonly Wish[] } | { kind: 'lost' }>;
  finish(lease: Lease, finish: Finish): Promise<Finished>;
  /**
   * `finish` and, when it stored records, `takeRelay` right behind it, in one step. Sends no hint about the outbox to an
   * owner who has the relay. `handed` is null when nothing was stored, when another owner has the relay, and from a store
   * in which a read costs no round trip: then the relay is not taken either.
   */
  finishAndHandOver(
    lease: Lease,
    finish: Finish,
    relay: RelayClaim,
  ): Promise<{ finished: Finished; handed: HandedOver | null }>;
  /** Ends the attempt and queues the job again after `delayMs`; spends one attempt. */
  retryLater(lease: Lease, delayMs: number, error: string): Promise<'queued' | 'fenced'>;
  park(lease: Lease, park: Park): Promise<Parked>;
  /** Gives a job back unharmed, at shutdown: due at once, the attempt is not counted. */
  release(lease: Lease): Promise<'released' | 'fenced'>;
  /** Returns jobs whose lease expired to the queue, counting a stall each; at most `limit`. Returns how many. */
  reap(service: ServiceName, limit: number): Promise<number>;
  /** Writes a target in the middle of a job: taking a lane, an epoch. The job goes on under its lease. */
  changeTarget(lease: Lease, change: TargetChange): Promise<Finished>;
  /** Adds to the run's history and the job's own slice while the job works. `fenced`: nothing was written. */
  note(
    lease: Lease,
    slice: Readonly<Record<string, string | null>>,
    history: readonly HistoryEntry[],
  ): Promise<'noted' | 'fenced'>;

  /** Sets a wish and makes every parked job that it binds ready. `already`: it was set for that generation. */
  setWish(wish: SetWish): Promise<'set' | 'already' | 'run_unknown' | 'ended'>;
  retry(retry: Retry): Promise<{ kind: 'retried'; generation: number } | { kind: 'moved' } | { kind: 'run_unknown' }>;
  /** Stores a person's answer under a key (run, unit, digest) and wakes the jobs that are parked on it. First one stands. */
  answer(runId: string, answerKey: string, memo: string): Promise<'stored' | 'already' | 'run_unknown'>;
  readAnswer(runId: string, answerKey: string): Promise<string | null>;

  /** The right to publish the outbox of a service; true: this owner has it for `ms`. */
  takeRelay(service: ServiceName, owner: string, ms: number): Promise<boolean>;
  /** Oldest first. `position` names the record for `acknowledge`. */
  readOutbox(service: ServiceName, limit: number): Promise<{ position: string; record: OutboxRecord }[]>;
  acknowledge(service: ServiceName, positions: readonly string[]): Promise<void>;

  /** The next run that this service has to render, held for `leaseMs`; null: none. Only gitops and chatops render. */
  claimDirty(service: ServiceName, leaseMs: number): Promise<RunState | null>;
  /** Done with revision `v`; when the run has moved on it is due again. */
  settleDirty(service: ServiceName, runId: string, v: number): Promise<void>;
  /** `settleDirty` with `claimDirty` right behind it, in one step. Nobody is woken for what is due then. */
  settleAndClaimDirty(service: ServiceName, settled: Rendered, leaseMs: number): Promise<RunState | null>;
  /** Writes the service's own slice outside of a job; for renderers. Does not raise the revision. */
  writeRendered(service: ServiceName, runId: string, slice: Readonly<Record<string, string | null>>): Promise<void>;

  readRun(runId: string): Promise<RunState | null>;
  /** By sequence in a repository, as people name runs. */
  findRun(repository: string, sequence: number): Promise<string | null>;
  listRuns(query: RunQuery): Promise<RunState[]>;
  readHistory(runId: string): Promise<HistoryEntry[]>;
  readJobs(runId: string): Promise<JobRecord[]>;
  readJob(jobId: string): Promise<JobRecord | null>;
  readTarget(key: string): Promise<StoredTarget | null>;
  listTargets(repository: string | null): Promise<StoredTarget[]>;
  readQuarantine(repository: string): Promise<Quarantined[]>;
  /**
   * Keeps a sample beyond the watch that it is of, for 15 days or a little longer. Of several of one target and minute the
   * first stands, and the others are `taken`: so a target has at most 1440 a day.
   */
  keepSample(sample: KeptSample): Promise<'kept' | 'taken'>;
  /** Oldest first. */
  readSamples(query: SampleQuery): Promise<KeptSample[]>;
  /** A person lets a version out. False: it was not in. */
  releaseQuarantine(repository: string, key: string): Promise<boolean>;

  stats(service: ServiceName): Promise<QueueStats>;
  /**
   * Milliseconds until the next job of the service is due, passing over these handlers as a claim does; null: none is known.
   * 0: now.
   */
  nextDueMs(service: ServiceName, except: readonly string[]): Promise<number | null>;
  /** Calls back when there may be something new of this kind for the service. May be lost. Returns the function that ends it. */
  onWake(service: ServiceName, hint: Hint, listener: () => void): () => void;
  /** Writes an entry of the audit log, which does not expire. */
  audit(entry: Readonly<Record<string, string>>): Promise<void>;
  readAudit(limit: number): Promise<Readonly<Record<string, string>>[]>;
  close(): Promise<void>;
}

import type { Artifact, ChangedFile, Check, Judgement } from '../events.generated.ts';
import type { ServiceName } from '../topics.ts';
import type { Problem } from '../plan/problem.ts';
import type { Drift } from '../target/target.ts';

/** One remark of an analyser. `line` counts from 1; null where the tool names none. */
export interface Finding {
  tool: string;
  rule: string;
  path: string;
  line: number | null;
  severity: 'error' | 'warning' | 'note';
  message: string;
}

export interface FailedCase {
  name: string;
  message: string;
  file: string | null;
}

/** What gitops knows of the push. */
export interface SourceSlice {
  planDigest: string | null;
  snapshotDigest: string | null;
  baseCommit: string | null;
  changedFiles: readonly ChangedFile[] | null;
  problems: readonly Problem[];
  warnings: readonly Problem[];
  licenses: readonly { name: string; version: string; license: string; verdict: 'allowed' | 'denied' | 'unknown' }[];
}

export interface BuildSlice {
  tool: string;
  artifacts: readonly Artifact[];
  durationMs: number;
}

export interface AnalysisSlice {
  tools: readonly { name: string; verdict: 'ran' | 'not_installed' | 'failed'; detail: string | null }[];
  findings: readonly Finding[];
  allFindings: number;
  newFindings: number;
}

export interface TestSlice {
  framework: string;
  passed: number;
  failed: number;
  skipped: number;
  flaky: number;
  lineCoveragePercent: number | null;
  failures: readonly FailedCase[];
  durationMs: number;
}

/** The question that a plan puts to people. */
export interface PlanQuestion {
  /** The digest of the plan and the commit together: an approval names it, and holds for nothing else. */
  digest: string;
  /** Who may answer; empty: everybody who may give orders. */
  approvers: readonly string[];
  /** ISO 8601. */
  until: string;
}

/** What a comparison of the recorded infrastructure with the world found. */
export interface InfrastructureDrift {
  at: string;
  found: 'none' | 'drifted' | 'not_judged';
  /** Addresses of what differs. */
  drifted: readonly string[];
  message: string | null;
}

/**
 * What a language model was asked for where a folder has no configuration. It never changes how the unit ends.
 * `asking` is written before the question: whoever finds it after a crash does not ask again.
 */
export interface ProposalSlice {
  generation: number;
  state: 'asking' | 'made' | 'none';
  /** Why there is none; of one that was made `proposed`. */
  reason: string;
  /** The sentence for people; null: the reason says it. */
  message: string | null;
  /** The patch, an artifact; null: there is none. */
  digest: string | null;
  /** The new files of the patch. */
  files: readonly string[];
  /** Of the patch. */
  sizeBytes: number;
}

/**
 * Where the value of a sensitive output stands: whoever needs the value reads it there when it is needed. It is in no
 * store, event, artifact or log of ours.
 */
export interface OutputReference {
  /** The program whose state it is: `terraform`, `tofu` or `cloudformation`. */
  tool: string;
  /** Whose state: `owner/name/environment`, or the name of the stack. */
  state: string;
  /** The name of the output in that state. */
  output: string;
}

export interface InfrastructureSlice {
  tool: string | null;
  /**
   * `waiting`: for a person. `applying` is written before the apply begins: whoever finds it after a crash cannot know
   * what became of it.
   */
  phase: 'planned' | 'waiting' | 'applying' | 'applied';
  generation: number;
  planDigest: string | null;
  toAdd: number;
  toChange: number;
  toDestroy: number;
  /** Addresses of what is destroyed, also of what is made anew. */
  destroys: readonly string[];
  /** Those of `destroys` that are made anew. */
  replaces?: readonly string[];
  /** What the plan does, a line each, sensitive values redacted; the first 100. */
  changes?: readonly string[];
  question?: PlanQuestion | null;
  drift?: InfrastructureDrift | null;
  /** Those that are not sensitive. In a run of a version without references, sensitive ones are `[secret]`. */
  outputs: Readonly<Record<string, string>>;
  /** The sensitive ones; absent: there are none. */
  sensitiveOutputs?: readonly OutputReference[];
  /** Absent: none was asked for. */
  proposal?: ProposalSlice;
  /** What destroys it, after a rollback or by a person's order; absent: nobody has begun to. */
  removal?: RemovalSlice;
}

/** A plan that destroys the infrastructure of an environment. Phase `applied`: it is gone. */
export interface RemovalSlice extends Omit<InfrastructureSlice, 'outputs' | 'sensitiveOutputs' | 'drift' | 'removal'> {
  /** The job that works at it: another one begins anew. */
  jobId: string;
  /** Why it goes no further; null: it goes on. */
  ended: { reason: string; message: string | null } | null;
}

/** An answer of a person to a release that waits. */
export interface GivenApproval {
  actor: string;
  /** ISO 8601. */
  at: string;
  note: string | null;
}

/** An approval that was given, and is for something else than what waits now. */
export interface VoidApproval {
  actor: string;
  reason: 'artifact_changed' | 'configuration_changed' | 'expired';
  /** The run in which it was given, by its number. */
  run: number;
}

/** The question that a release puts to people before it changes anything in an environment. */
export interface ApprovalSlice {
  generation: number;
  /** `ended`: the rollout ended while it waited. */
  state: 'waiting' | 'granted' | 'rejected' | 'expired' | 'ended';
  /** Environment, artifact and configuration together: an answer names it, and holds for nothing else. */
  digest: string;
  /** Digest of the artifact. */
  artifact: string;
  /** SHA-256 of what is deployed how in this environment. */
  configuration: string;
  count: number;
  approvers: readonly string[];
  groups: readonly string[];
  /** Whose approval does not count, for it is theirs; null: everybody's does. */
  author: string | null;
  askedAt: string;
  until: string;
  approved: readonly GivenApproval[];
  voided: readonly VoidApproval[];
}

/** What was said before the first step: whether there is a way back, and how much there is to go wrong. */
export interface PreflightSlice {
  generation: number;
  eligible: boolean;
  reason: string;
  /** What a rollback would bring back; null: nothing. */
  to: string | null;
  /** 0 to 100, the sum of the terms. */
  risk: number;
  terms: readonly { term: string; points: number }[];
  /** Changed files of configuration: going back brings their old content only if it is part of the artifact. */
  configuration: readonly string[];
}

/** The wait of a rollout for its environment to open. Its time does not count against the deadline of the run. */
export interface HeldSlice {
  generation: number;
  reason: 'window' | 'freeze';
  /** ISO 8601, as the rest; null: until a person says so. */
  until: string | null;
  since: string;
  /** Null: it waits still. */
  openedAt: string | null;
  /** Waits before this one, in milliseconds. */
  earlierMs: number;
}

/** One rollout as people see it. Key: `<environment>/<service>`. */
export interface RolloutSlice {
  release: string | null;
  version: string | null;
  previousRelease: string | null;
  strategy: string;
  state: string;
  step: number;
  steps: number;
  weightPercent: number;
  epoch: number;
  url: string | null;
  /** Its processes or pods after the last move; absent: it has none yet. */
  replicas?: { ready: number; wanted: number };
  /** Why it waits, when it does: approval, lane, person, watch. */
  waitsFor: string | null;
  /** Absent: the environment was open. */
  held?: HeldSlice;
  /** Absent: nothing is known yet, or it began under a version that did not keep it. */
  preflight?: PreflightSlice;
  /** Absent: nobody was asked. */
  approval?: ApprovalSlice;
  /** What somebody else has changed of it in the cluster; absent: nothing that was seen. */
  drift?: Drift;
}

/** What is watched. Key: `<environment>/<service>`. */
export interface WatchSlice {
  release: string | null;
  epoch: number;
  step: number;
  verdict: 'watching' | 'healthy' | 'breach' | 'inconclusive' | 'ended';
  samples: number;
  /** By how much people have made the watch longer; absent: nobody has. */
  extendedMs?: number;
  checks: readonly Check[];
  reason: string | null;
  /** What was judged beyond thresholds; absent: nothing was. */
  judgement?: Judgement;
}

/** What was taken back. Key: `<environment>/<service>`. */
export interface RollbackSlice {
  decision: 'restore' | 'refuse';
  reason: string;
  fromRelease: string | null;
  toRelease: string | null;
  epoch: number;
  outcome: string;
  compared: readonly Check[];
  /** Digests of the artifacts that say why it was decided so; absent: none could be kept. */
  packet?: { json: string; markdown: string };
}

/** Where chatops told people. Key: the channel. */
export interface MessageSlice {
  ts: string;
  revision: number;
  text: string;
  /** What was answered in its thread: which message, by what it is about. */
  replies: Readonly<Record<string, string>>;
}

/**
 * One slice per service. The keys of a slice are written one by one, so that two jobs of a service
 * for two units of one run never overwrite each other.
 */
export interface Slices {
  gitops: { source?: SourceSlice; statuses?: Readonly<Record<string, string>> };
  build: { result?: BuildSlice };
  'code-analysis': { source?: AnalysisSlice; artifact?: AnalysisSlice };
  test: { report?: TestSlice };
  iac: Readonly<Record<string, InfrastructureSlice>>;
  deploy: Readonly<Record<string, RolloutSlice>>;
  observability: Readonly<Record<string, WatchSlice>>;
  rollback: Readonly<Record<string, RollbackSlice>>;
  chatops: Readonly<Record<string, MessageSlice>>;
}

/** What a service may write: some keys of its own slice; null removes a key. A service without a slice writes none. */
export type SlicePatch<S extends ServiceName> = S extends keyof Slices
  ? { [K in keyof Slices[S]]?: Slices[S][K] | null }
  : Record<string, never>;

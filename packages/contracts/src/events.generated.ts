// Generated from schemas/ by `pnpm generate`. Do not edit.

export type Outcome =
  | 'UNRECOGNIZED'
  | 'SUCCESS'
  | 'NOT_NEEDED'
  | 'FAILURE'
  | 'ERROR'
  | 'SKIPPED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'UNKNOWN';

export type ArtifactKind =
  | 'UNRECOGNIZED'
  | 'ARCHIVE'
  | 'IMAGE';

export interface Artifact {
  name: string;
  kind: ArtifactKind;
  /** sha256: and 64 hex digits */
  digest: string;
  sizeBytes: number;
  /** image name with digest; null for an archive */
  reference: string | null;
}

/** What was built, or why not. */
export interface BuildReady {
  outcome: Outcome;
  reason: string | null;
  artifacts: readonly Artifact[];
  durationMs: number;
}

export type AnalysisUnit =
  | 'UNRECOGNIZED'
  | 'SOURCE'
  | 'ARTIFACT';

/** Summary of the findings of one unit. */
export interface CodeAnalysis {
  unit: AnalysisUnit;
  outcome: Outcome;
  reason: string | null;
  newFindings: number;
  allFindings: number;
  errors: number;
  warnings: number;
  /** SARIF 2.1.0 in the artifact store */
  reportDigest: string | null;
}

export type Trigger =
  | 'UNRECOGNIZED'
  | 'PUSH'
  | 'PULL_REQUEST'
  | 'MANUAL'
  | 'RECONCILED';

export interface ChangedFile {
  path: string;
  addedLines: number;
  deletedLines: number;
}

/** A run begins. */
export interface CodePush {
  /** FAILURE with a reason when the pipeline file is not valid; then there is no snapshot */
  outcome: Outcome;
  reason: string | null;
  /** full name, owner/name */
  repository: string;
  ref: string;
  /** full SHA */
  commit: string;
  /** what the changes are counted against; null: unknown */
  baseCommit: string | null;
  author: string;
  message: string | null;
  trigger: Trigger;
  pullRequest: number | null;
  /** sequence of the run in its repository */
  number: number;
  /** null: treat as all */
  changedFiles: readonly ChangedFile[] | null;
  snapshotDigest: string | null;
  planDigest: string | null;
  /** the last environment this run may reach; null: all */
  environmentLimit: string | null;
  /** the commit from which the ref was moved; null: none, or not told */
  before: string | null;
  /** the name of the delivery or of the request: the same again is this run; null: told by an older version */
  delivery: string | null;
  /** the name of what was pushed: the same again, under whatever delivery, is this run; null: told by an older version */
  content: string | null;
  /** who pushed, as the forge tells it; empty: it did not; null: told by an older version */
  pusher: string | null;
}

export type HealthVerdict =
  | 'UNRECOGNIZED'
  | 'HEALTHY'
  | 'INCONCLUSIVE';

export type CheckVerdict =
  | 'UNRECOGNIZED'
  | 'PASS'
  | 'BREACH'
  | 'NO_DATA';

export interface Check {
  metric: string;
  /** null: no data */
  value: number | null;
  threshold: number;
  baseline: number | null;
  verdict: CheckVerdict;
}

export interface Comparison {
  metric: string;
  /** pass, warning, fail or inconclusive */
  verdict: string;
  reason: string;
  /** mean of the release */
  value: number | null;
  /** mean of what it is compared with */
  baseline: number | null;
  /** null: the baseline is 0, or there were too few points */
  changePercent: number | null;
  /** shift by Hodges and Lehmann; low and high: its 95 % interval */
  estimate: number | null;
  low: number | null;
  high: number | null;
  /** of the rank-sum test */
  p: number | null;
  points: number;
  baselinePoints: number;
}

export interface ObjectiveScore {
  metric: string;
  /** pass, warning, fail, no_data or shown */
  verdict: string;
  value: number | null;
  baseline: number | null;
  weight: number;
  key: boolean;
}

export interface Judgement {
  /** of the objectives, 0 to 100; null: there are none */
  score: number | null;
  /** metrics beyond their warning threshold */
  warnings: readonly string[];
  comparisons: readonly Comparison[];
  objectives: readonly ObjectiveScore[];
  /** what pods and logs say of what is wrong, and what was wrong with questions to the metrics server */
  problems: readonly string[];
}

/** Judgement of one step or of a whole release. */
export interface DeploymentHealth {
  environment: string;
  service: string;
  release: string | null;
  epoch: number;
  step: number;
  verdict: HealthVerdict;
  /** the last word about this release */
  final: boolean;
  outcome: Outcome;
  reason: string | null;
  samples: number;
  checks: readonly Check[];
  /** what was judged beyond thresholds, with every number; null: nothing was */
  judgement: Judgement | null;
}

export type Phase =
  | 'UNRECOGNIZED'
  | 'STEP'
  | 'RELEASED'
  | 'ABORTED'
  | 'FAILED';

export type Strategy =
  | 'UNRECOGNIZED'
  | 'IMMEDIATE'
  | 'ROLLING'
  | 'BLUE_GREEN'
  | 'CANARY'
  | 'FEATURE_FLAG';

export interface ReleasedObjects {
  /** of what was rendered for this environment */
  digest: string;
  /** of what all environments share */
  rendered: string;
  /** how many pods the release has */
  replicas: number;
}

/** One move of a rollout. */
export interface DeploymentTriggered {
  phase: Phase;
  /** null while the rollout goes on */
  outcome: Outcome | null;
  reason: string | null;
  environment: string;
  service: string;
  /** null: no release was made */
  release: string | null;
  /** digest of what is deployed */
  version: string | null;
  previousRelease: string | null;
  epoch: number;
  strategy: Strategy;
  /** from 1; 0: none */
  step: number;
  steps: number;
  /** share of the traffic, 0 to 100 */
  weightPercent: number;
  url: string | null;
  causes: readonly string[];
  /** the user's own objects of a release in a cluster; null: it has none, or an older version told of it */
  objects: ReleasedObjects | null;
}

/** Infrastructure of one environment. */
export interface IacReady {
  outcome: Outcome;
  reason: string | null;
  environment: string;
  tool: string | null;
  planDigest: string | null;
  toAdd: number;
  toChange: number;
  toDestroy: number;
  outputsDigest: string | null;
  /** ids of the events that decided the gate */
  causes: readonly string[];
}

export type Attribution =
  | 'UNRECOGNIZED'
  | 'RELEASE'
  | 'ELSEWHERE';

export type AlertSource =
  | 'UNRECOGNIZED'
  | 'WATCH'
  | 'EXTERNAL';

/** A release is unhealthy. */
export interface ObservabilityAlert {
  environment: string;
  service: string;
  release: string | null;
  epoch: number;
  step: number;
  attribution: Attribution;
  source: AlertSource;
  metric: string;
  value: number;
  threshold: number;
  baseline: number | null;
  samples: number;
  reason: string | null;
  checks: readonly Check[];
  /** what was judged beyond thresholds, with every number; null: nothing was */
  judgement: Judgement | null;
}

export type Action =
  | 'UNRECOGNIZED'
  | 'RUN'
  | 'APPROVE'
  | 'REJECT'
  | 'RETRY'
  | 'CANCEL'
  | 'PROMOTE'
  | 'ROLLBACK'
  | 'RESOLVE'
  | 'FREEZE'
  | 'UNFREEZE'
  | 'EXTEND_WATCH'
  | 'RELEASE_QUARANTINE'
  | 'DESTROY';

export type CommandSource =
  | 'UNRECOGNIZED'
  | 'API'
  | 'CLI'
  | 'SLACK'
  | 'DASHBOARD'
  | 'COMMENT';

/** A person asks one addressee for something. */
export interface OperatorCommand {
  commandId: string;
  version: number;
  action: Action;
  actor: string;
  source: CommandSource;
  addressee: string;
  repository: string | null;
  runId: string | null;
  generation: number | null;
  unit: string | null;
  environment: string | null;
  service: string | null;
  release: string | null;
  digest: string | null;
  force: boolean;
  /** of RESOLVE: what a person found, happened, did_not_happen or try_again */
  resolution: string | null;
  /** of FREEZE: when it ends by itself, ISO 8601; null: when a person ends it */
  until: string | null;
  /** of EXTEND_WATCH: by how much */
  seconds: number | null;
  reason: string | null;
}

/** What was restored, or why nothing was. */
export interface RollbackEvent {
  /** SUCCESS restored; SKIPPED refused; ERROR, UNKNOWN */
  outcome: Outcome;
  reason: string;
  environment: string;
  service: string;
  fromRelease: string | null;
  toRelease: string | null;
  epoch: number;
  quarantined: boolean;
  compared: readonly Check[];
  /** the JSON of all that it was decided on, in the artifact store; null: there is none */
  packetDigest: string | null;
  /** the same as Markdown */
  packetTextDigest: string | null;
}

/** How the tests went. */
export interface TestResults {
  outcome: Outcome;
  reason: string | null;
  framework: string | null;
  passed: number;
  failed: number;
  skipped: number;
  flaky: number;
  /** 0 to 100; null: not measured */
  lineCoveragePercent: number | null;
  reportDigest: string | null;
  durationMs: number;
}

/** The payload of each topic. */
export interface Payloads {
  build_ready: BuildReady;
  code_analysis: CodeAnalysis;
  code_push: CodePush;
  deployment_health: DeploymentHealth;
  deployment_triggered: DeploymentTriggered;
  iac_ready: IacReady;
  observability_alert: ObservabilityAlert;
  operator_command: OperatorCommand;
  rollback_event: RollbackEvent;
  test_results: TestResults;
}

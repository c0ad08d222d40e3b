import type { ApprovalRules } from './approval-rules.ts';
import type { WindowsPlan } from './find-opening.ts';
import type { InfrastructureRules } from './infrastructure-rules.ts';
import type { HooksPlan, InputsPlan } from './inputs.ts';

/** The parsed pipeline file as it holds for one run: every value resolved, durations in milliseconds, ratios 0 to 1. */
export interface Plan {
  project: { name: string; language: string | null };
  triggers: { branches: readonly string[]; pullRequests: boolean };
  licenses: { deny: readonly string[]; allow: readonly string[] };
  build: BuildPlan;
  codeAnalysis: AnalysisPlan;
  testing: TestPlan;
  /** Null: no `infrastructure` section, so every `iac` unit is not needed. */
  infrastructure: InfrastructurePlan | null;
  /** Null: no `deployment` section or `enabled: false`, so the run ends behind the gates. */
  deployment: DeploymentPlan | null;
  observability: ObservabilityPlan;
  rollback: RollbackPlan;
  chatops: ChatopsPlan;
  runDeadlineMs: number;
  gateDeadlineMs: number;
}

/** What every stage that runs the repository's code has. `haltOnFailure`: a bad outcome sets the wish `halted`. */
export interface StageLimits {
  timeoutMs: number;
  /** Tries at infrastructure trouble (not at a bad verdict). */
  attempts: number;
  haltOnFailure: boolean;
}

export interface BuildPlan extends StageLimits {
  enabled: boolean;
  tool: 'npm' | 'command' | 'docker' | 'buildah';
  /** Arguments, never a shell line of ours; null: the tool's own. */
  command: readonly string[] | null;
  context: string;
  dockerfile: string;
  /** Image name without tag; null: the project's name. */
  image: string | null;
  /** Paths inside the workspace that make up the archive. */
  output: readonly string[];
}

export interface AnalysisPlan extends StageLimits {
  enabled: boolean;
  /** `oxlint` is bundled; any other one is a command that writes SARIF to `report`, or to stdout when null. */
  tools: readonly { name: string; command: readonly string[] | null; report: string | null }[];
  artifactScan: { command: readonly string[]; report: string | null } | null;
  failOn: 'error' | 'warning' | 'note' | 'never';
}

export interface TestPlan extends StageLimits {
  enabled: boolean;
  framework: 'command' | 'jest' | 'node' | 'pytest';
  command: readonly string[] | null;
  /** JUnit file inside the workspace; null: the runner's own report. */
  report: string | null;
  coverage: string | null;
  /** How often failed tests are repeated before they count; a pass then is flaky. */
  retryFailed: number;
}

export interface InfrastructurePlan {
  tool: 'terraform' | 'opentofu' | 'cloudformation' | 'auto';
  path: string;
  planTimeoutMs: number;
  applyTimeoutMs: number;
  /** Absent: the run began under a version that had none, and {@link usualInfrastructureRules} hold. */
  rules?: InfrastructureRules;
  /** What is planned where the folder has no configuration; absent: nothing, and the plan fails. */
  template?: NamespaceTemplate;
  /** A language model is asked for a patch for people where the folder has no configuration; absent: it is not. */
  proposal?: true;
  /** Environments that are made to be thrown away; absent: none, or the run began under a version that did not keep them. */
  ephemeral?: readonly string[];
}

/** A namespace of Kubernetes with a quota. */
export interface NamespaceTemplate {
  kind: 'namespace';
  /** Cores and bytes that all pods together may ask for, and how many pods there may be. */
  cpu: number;
  memoryBytes: number;
  pods: number;
}

export type StrategyName = 'immediate' | 'rolling' | 'blue_green' | 'canary' | 'feature_flag';

export interface RolloutStep {
  /** Share of the traffic, above 0 to 100; the last step of every rollout is 100. */
  weightPercent: number;
}

export interface ServicePlan {
  name: string;
  command: readonly string[];
  /** Where users reach it in the last environment; the processes get a port of their own in `PORT`. See {@link portIn}. */
  port: number;
  /** Where users reach it in each environment, for there may be several on one machine; 0: any free port. */
  environmentPorts?: Readonly<Record<string, number>>;
  env: Readonly<Record<string, string>>;
  replicas: number;
  healthPath: string;
  /** Null: the app has no metrics page. */
  metricsPath: string | null;
  readyTimeoutMs: number;
  /** The feature flag of what is new; absent: the name of the service. */
  flag?: string;
  /** Services that have to be healthy in the environment before this one moves; absent: none. See {@link releaseGroup}. */
  dependsOn?: readonly string[];
  /** Where its container listens; absent: it runs as processes, which get a port each. */
  containerPort?: number;
  /** The HTTPRoute whose weights share its traffic; absent: the number of pods does. */
  route?: string;
  /** The Argo Rollout that is brought forward in its place; absent: the platform makes Deployments. */
  rollout?: string;
  /** `inputs`: its own Deployment says how many pods serve, where it does, and `replicas` only where it does not. */
  replicasOf?: 'inputs';
  /** Absent: it has none. */
  hooks?: HooksPlan;
}

export interface DeploymentPlan {
  provider: 'local' | 'kubernetes';
  /** The namespace of each environment; absent for the provider `local`. */
  namespaces?: Readonly<Record<string, string>>;
  /** The user's own objects; absent: the platform makes them. */
  inputs?: InputsPlan;
  strategy: StrategyName;
  steps: readonly RolloutStep[];
  /** In order of promotion. */
  environments: readonly string[];
  /** By environment: whom a release waits for; absent or without one: for nobody. */
  approvals?: Readonly<Record<string, ApprovalRules>>;
  services: readonly ServicePlan[];
  stepTimeoutMs: number;
  onInconclusive: 'extend' | 'ask' | 'abort';
  /** When an environment may be released to; one that is not named: always. */
  windows?: Readonly<Record<string, WindowsPlan>>;
}

export interface Thresholds {
  errorRatio: number | null;
  latencyMs: number | null;
  latencyPercentile: number;
  cpuRatio: number | null;
  memoryBytes: number | null;
  diskBytes: number | null;
  networkBytesPerSecond: number | null;
}

export interface ObservabilityPlan {
  enabled: boolean;
  thresholds: Thresholds;
  intervalMs: number;
  /** How long a step is watched at least, and the whole release after the last step. */
  stepWatchMs: number;
  releaseWatchMs: number;
  minSamples: number;
  /** Bad samples in a row that make a breach. */
  failureLimit: number;
  /** How long to wait for enough samples before the step cannot be judged. */
  maxWaitMs: number;
  /** Absent in plans of versions that judged by thresholds of their own measurements alone. */
  judgement?: JudgementPlan;
}

/** A value that is judged beside those that every release has. Its name is none of theirs. */
export interface MetricPlan {
  name: string;
  /** PromQL with `{{service}}`, `{{environment}}`, `{{release}}` and `{{window}}`. */
  query: string;
  better: 'lower' | 'higher';
  /** What no sample may go beyond, to the worse; null: not judged by a threshold. */
  fail: number | null;
  warn: number | null;
}

/** Lines of the output of a release that are counted from look to look. Its name is none of another metric. */
export interface LogPatternPlan {
  name: string;
  /** In the syntax of RE2. */
  pattern: string;
  /** How many lines no sample may have more than; null: only counted. */
  fail: number | null;
  warn: number | null;
}

/** With what a release is compared, value by value. */
export interface BaselinePlan {
  /** What serves beside it, what served before it, or the same hour of the days before. */
  with: 'beside' | 'previous' | 'earlier_days';
  days: number;
  /** Values that each side needs. */
  minPoints: number;
  /** Share of the estimated shift that the whole 95 % interval has to be beyond. */
  tolerance: number;
  /** Changes of the mean from which a shift is worth a warning, and a way back. */
  warnPercent: number;
  failPercent: number;
}

/** One condition of an objective, such as `<=+10%`: no more than a tenth above what it is compared with. */
export interface Criterion {
  operator: '<' | '<=' | '=' | '>=' | '>';
  value: number;
  /** Null: as it stands. `amount`: added to what it is compared with. `percent`: so many percent are. */
  relative: 'amount' | 'percent' | null;
}

/** What a metric has to be. All criteria of a list hold, of at least one of the lists. */
export interface ObjectivePlan {
  metric: string;
  pass: readonly (readonly Criterion[])[];
  warning: readonly (readonly Criterion[])[];
  weight: number;
  /** Failing it fails everything. */
  key: boolean;
}

export interface ObjectivesPlan {
  objectives: readonly ObjectivePlan[];
  /** Scores from 0 to 100. */
  passPercent: number;
  warningPercent: number;
}

/** How measurements are judged beyond thresholds of the platform's own ones. */
export interface JudgementPlan {
  /** What a release does in its first moments is not judged. */
  warmUpMs: number;
  /** Samples among which `failureLimit` bad ones make a breach. */
  failureWindow: number;
  onNoData: 'inconclusive' | 'fail';
  onNoTraffic: 'inconclusive' | 'pass';
  /** Pages of a release that have to answer. */
  probes: readonly string[];
  /** How far the queries look back; null: no metrics server is asked. */
  windowMs: number | null;
  metrics: readonly MetricPlan[];
  baseline: BaselinePlan | null;
  objectives: ObjectivesPlan | null;
  /** Absent: the output is not read. */
  logPatterns?: readonly LogPatternPlan[];
  /** How often containers of a release may be restarted while it is watched; absent: it has no pods. */
  maxPodRestarts?: number;
  /** The SLO file beside the pipeline file; absent: none is to be read, or it was. `written`: it has to be there. */
  sloFile?: { path: string; written: boolean };
}

export interface RollbackPlan {
  enabled: boolean;
  cooldownMs: number;
  /** Automatic rollbacks of one target in 24 hours. */
  budgetPerDay: number;
  /** Whether the release before may serve again; absent: unless a schema migration changed. */
  safe?: boolean;
  /** Environments, all of them ephemeral, whose infrastructure may be destroyed after a rollback; absent: none. */
  destroysIn?: readonly string[];
}

export type NotifyOn = 'start' | 'success' | 'failure' | 'rollback' | 'approval';

export interface ChatopsPlan {
  enabled: boolean;
  platform: 'slack' | 'none';
  channel: string | null;
  notifyOn: readonly NotifyOn[];
}

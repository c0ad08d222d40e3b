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
  tool: 'terraform' | 'opentofu' | 'auto';
  path: string;
  planTimeoutMs: number;
  applyTimeoutMs: number;
}

export type StrategyName = 'immediate' | 'rolling' | 'blue_green' | 'canary';

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
}

export interface DeploymentPlan {
  provider: 'local' | 'kubernetes';
  strategy: StrategyName;
  steps: readonly RolloutStep[];
  /** In order of promotion. */
  environments: readonly string[];
  services: readonly ServicePlan[];
  stepTimeoutMs: number;
  onInconclusive: 'extend' | 'ask' | 'abort';
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
}

export interface RollbackPlan {
  enabled: boolean;
  cooldownMs: number;
  /** Automatic rollbacks of one target in 24 hours. */
  budgetPerDay: number;
}

export type NotifyOn = 'start' | 'success' | 'failure' | 'rollback' | 'approval';

export interface ChatopsPlan {
  enabled: boolean;
  platform: 'slack' | 'none';
  channel: string | null;
  notifyOn: readonly NotifyOn[];
}

import type { Plan } from '@orchestra/contracts';

export const repository = 'acme/shop';
export const place = { repository, environment: 'production', service: 'web' };
export const unit = {
  deploy: 'deploy/production/web',
  observe: 'observe/production/web',
  rollback: 'rollback/production/web',
};

export interface PlanChange {
  version: string;
  failEvery: number;
  /** Of the image in a cluster, where it says what becomes of its pods. */
  tag?: 'good' | 'bad' | 'absent';
  /** Other services of the run that `web` depends on. */
  needs?: readonly string[];
  service?: Partial<NonNullable<Plan['deployment']>['services'][number]>;
  deployment?: Partial<NonNullable<Plan['deployment']>>;
  observability?: Partial<Plan['observability']>;
  rollback?: Partial<Plan['rollback']>;
}

/** What a release world's plan says where a test does not: quick looks, a canary in two steps. */
export function planOf(change: PlanChange): Plan {
  return {
    project: { name: 'shop', language: null },
    triggers: { branches: ['main'], pullRequests: false },
    licenses: { deny: [], allow: [] },
    ...stagesBefore,
    build: { ...stagesBefore.build, image: `registry.test/shop:${change.tag ?? 'good'}` },
    infrastructure: null,
    deployment: deploymentOf(change),
    observability: observabilityOf(change),
    rollback: { enabled: true, cooldownMs: 600_000, budgetPerDay: 3, ...change.rollback },
    chatops: { enabled: false, platform: 'none', channel: null, notifyOn: [] },
    runDeadlineMs: 600_000,
    gateDeadlineMs: 60_000,
  };
}

const limits = { timeoutMs: 1000, attempts: 1, haltOnFailure: true, enabled: true };
const stagesBefore: Pick<Plan, 'build' | 'codeAnalysis' | 'testing'> = {
  build: { ...limits, tool: 'npm', command: null, context: '.', dockerfile: 'Dockerfile', image: null, output: [] },
  codeAnalysis: { ...limits, tools: [], artifactScan: null, failOn: 'never' },
  testing: { ...limits, framework: 'command', command: null, report: null, coverage: null, retryFailed: 0 },
};

function deploymentOf({ version, failEvery, needs, service, deployment }: PlanChange): Plan['deployment'] {
  const web = {
    name: 'web',
    command: ['node', 'main.mjs'],
    port: 0,
    env: { VERSION: version, FAIL_EVERY: String(failEvery) },
    replicas: 1,
    healthPath: '/health',
    metricsPath: null,
    readyTimeoutMs: 30_000,
    ...service,
  };
  return {
    provider: 'local',
    strategy: 'canary',
    steps: [{ weightPercent: 50 }, { weightPercent: 100 }],
    environments: ['production'],
    services: needs === undefined ? [web] : [{ ...web, dependsOn: needs }, ...needs.map((name) => ({ ...web, name }))],
    stepTimeoutMs: 120_000,
    onInconclusive: 'abort',
    ...deployment,
  };
}

function observabilityOf({ observability }: PlanChange): Plan['observability'] {
  return {
    enabled: true,
    thresholds: {
      errorRatio: 0.05,
      latencyMs: null,
      latencyPercentile: 95,
      cpuRatio: null,
      memoryBytes: null,
      diskBytes: null,
      networkBytesPerSecond: null,
    },
    intervalMs: 150,
    stepWatchMs: 600,
    releaseWatchMs: 600,
    minSamples: 2,
    failureLimit: 2,
    maxWaitMs: 3_000,
    ...observability,
  };
}

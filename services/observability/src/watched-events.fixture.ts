import {
  createTarget,
  parsePipelineFile,
  type DeploymentTriggered,
  type Plan,
  type Target,
} from '@orchestra/contracts';
import { servingTarget, shopPlace } from './serving-target.fixture.ts';

/** When the watches of tests begin. */
export const watchBegins = new Date('2026-01-05T12:00:00Z');

interface Wanted {
  /** The section `observability` of the pipeline file. */
  observability: object;
  /** The step of a canary r2 beside r1, or r2 after its last step, with r1 before it. */
  phase: 'STEP' | 'RELEASED';
  /** Whether it runs in a cluster. */
  inCluster?: boolean;
  /** Where the app of the cluster shows its own metrics. */
  metricsPath?: string;
}

/** An event after which the service `web` is watched, and what is around it. */
export function aWatch({ observability, phase, inCluster = false, metricsPath }: Wanted) {
  const target = JSON.stringify(phase === 'STEP' ? judgingTarget() : releasedTarget());
  const store = {
    readTarget: async (key: string) => ({ key, version: 1, target }),
    keepSample: async () => 'kept' as const,
  };
  const released = phase === 'STEP' ? {} : { weightPercent: 100, outcome: 'SUCCESS' as const };
  return {
    topic: 'deployment_triggered' as const,
    data: { ...canaryStep, phase, ...released },
    plan: planOf(observability, inCluster ? inNamespace(metricsPath) : onThisMachine),
    store,
    job: { unit: 'observe/production/web' },
  };
}

const onThisMachine = { deployment: { services: [{ name: 'web', command: 'node main.js', port: 80 }] } };

function inNamespace(metricsPath: string | undefined) {
  const services = [{ name: 'web', port: 80, ...(metricsPath === undefined ? {} : { metrics_path: metricsPath }) }];
  return {
    build: { tool: 'docker', image: 'registry.test/shop' },
    deployment: { provider: 'kubernetes', namespace: 'shop', services },
  };
}

function planOf(observability: object, deployed: object): Plan {
  const file = { project: { name: 'shop' }, observability, ...deployed };
  const parsed = parsePipelineFile(JSON.stringify(file));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

/** The first step of a canary r2 beside r1. */
export const canaryStep: DeploymentTriggered = {
  phase: 'STEP',
  outcome: null,
  reason: null,
  environment: shopPlace.environment,
  service: shopPlace.service,
  release: 'r2',
  version: 'sha256:v',
  previousRelease: 'r1',
  epoch: 7,
  strategy: 'CANARY',
  step: 1,
  steps: 2,
  weightPercent: 10,
  url: null,
  causes: [],
  objects: null,
};

function releasedTarget(): Target {
  const target = servingTarget('run-2');
  const [record] = target.history;
  return record === undefined ? target : { ...target, history: [{ ...record, release: 'r1', epoch: 2 }, record] };
}

function judgingTarget(): Target {
  const [record] = servingTarget('run-1').history;
  if (record === undefined) throw new Error('the fixture has no release');
  const { version, commit, manifest } = record;
  const owner = { runId: 'run-2', generation: 1, sequence: 2, release: 'r2', previous: 'r1', byPerson: false };
  const moves = { state: 'judging' as const, strategy: 'canary' as const, weights: [10, 100], step: 1, epoch: 7 };
  return {
    ...createTarget(shopPlace),
    epoch: 7,
    current: 'r1',
    history: [{ ...record, release: 'r1', epoch: 2 }],
    lane: { ...owner, version, commit, manifest, ...moves, takenAt: '' },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalTarget, type LocalTarget, type ReleaseSpec } from '@orchestra/adapters/local-target';
import type { DeploymentTriggered } from '@orchestra/contracts';
import { aRun, checkInvariants, createSampleService, type RecordFacts, type Violation } from '@orchestra/testkit';
import { readEffects } from './world-effects.ts';

// The releases by their runs.
const runs = { r1: aRun(), r2: aRun() };
const { repository } = runs.r1;
const place = { environment: 'production', service: 'web' };
const target = [repository, place.environment, place.service].join('/');
let data: string;
let app: string;
let local: LocalTarget;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'orchestra-effects-'));
  app = createSampleService();
  local = createLocalTarget({ folder: join(data, 'target'), mode: 'process', path: process.env['PATH'] ?? '' });
});

afterEach(async () => {
  await local.shutdown();
  await Promise.all([data, app].map((folder) => rm(folder, { recursive: true, force: true })));
});

async function bringUp(release: string, epoch: number): Promise<void> {
  const how = { command: ['node', 'main.mjs'], replicas: 1, healthPath: '/health', readyTimeoutMs: 30_000 };
  const spec: ReleaseSpec = { release, folder: app, env: { VERSION: release }, ...how };
  await local.claim({ target, epoch, port: 0 });
  await local.ensureRelease({ target, epoch, spec });
  await local.waitUntilReady({ target, release, timeoutMs: 30_000 });
  await local.setWeights({ target, epoch, weights: { [release]: 100 } });
}

// What deploy tells at the end of a step.
function told(release: 'r1' | 'r2', epoch: number): RecordFacts {
  const { runId } = runs[release];
  const move = { phase: 'STEP', outcome: null, reason: null, release, version: 'v', previousRelease: 'r1' } as const;
  const share = {
    strategy: 'BLUE_GREEN',
    step: 1,
    steps: 1,
    weightPercent: 100,
    url: null,
    causes: [],
    objects: null,
  } as const;
  const payload: DeploymentTriggered = { ...place, ...move, ...share, epoch };
  const time = new Date();
  const around = { source: 'deploy', subject: 'deploy/production/web', generation: 1, hops: 1, causeId: null } as const;
  const event = {
    topic: 'deployment_triggered',
    id: `${release} ${epoch}`,
    runId,
    time,
    data: payload,
    ...around,
  } as const;
  const at = { partition: 0, offset: '0', key: runId, value: null, headers: {}, at: time.toISOString() };
  return { topic: 'deployment_triggered', ...at, event, problem: null };
}

async function doubled(records: readonly RecordFacts[]): Promise<Violation[]> {
  const nothing = { queues: [], targets: [], quarantine: [], groups: [], pushes: [], messages: [], leftovers: [] };
  const states = Object.values(runs).map((state) => ({ state, history: [], jobs: [] }));
  const found = checkInvariants({ ...nothing, runs: states, records, effects: await readEffects(data) });
  return found.filter(({ invariant }) => invariant === 'I2');
}

describe('what the local target wrote down, as the checker sees it', () => {
  it('is no second effect when a rollout that died repeats its step and finds it done', async () => {
    await bringUp('r1', 1);
    await bringUp('r2', 2);
    await bringUp('r2', 3);

    expect(await doubled([told('r1', 1), told('r2', 3)])).toEqual([]);
  });

  it('is a second effect when the rollout that repeats its step starts the release once more', async () => {
    await bringUp('r1', 1);
    await bringUp('r2', 2);
    await local.setWeights({ target, epoch: 3, weights: { r1: 100 } });
    await local.stopRelease({ target, epoch: 3, release: 'r2' });
    await bringUp('r2', 3);

    const violations = await doubled([told('r1', 1), told('r2', 3)]);

    expect(violations.map(({ what }) => what)).toEqual([
      'deploy_step ensure r2 1 happened 2 times',
      'deploy_step weights r2 100 happened 2 times',
    ]);
  });
});

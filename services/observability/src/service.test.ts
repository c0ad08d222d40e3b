import { describe, expect, it } from '@jest/globals';
import { createTarget, type DeploymentTriggered, type Plan, type Target, type Wish } from '@orchestra/contracts';
import { receive } from '@orchestra/testkit';
import type { Counters, Measurement, Ports } from './ports.ts';
import { aCount } from './counted-release.fixture.ts';
import { createService } from './service.ts';
import { canaryStep } from './watched-events.fixture.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const unit = 'observe/production/web';

const step: DeploymentTriggered = { ...canaryStep, epoch: 4 };

const counters = aCount({ requests: 10 });

const unjudged = { latencyMs: null, cpuRatio: null, memoryBytes: null, diskBytes: null, networkBytesPerSecond: null };

const plan = {
  deployment: { services: [{ name: 'web', metricsPath: null }] },
  observability: {
    enabled: true,
    thresholds: { ...unjudged, errorRatio: 0.05, latencyPercentile: 95 },
    intervalMs: 1000,
    stepWatchMs: 5_000,
    releaseWatchMs: 5_000,
    minSamples: 1,
    failureLimit: 1,
    maxWaitMs: 5_000,
  },
} as unknown as Plan;

const record = {
  runId: 'run-1',
  generation: 1,
  sequence: 1,
  release: 'r1',
  version: 'v',
  commit: 'c',
  health: 'healthy',
  checks: [],
  epoch: 1,
  releasedAt: '',
  byPerson: false,
};
const manifest = {
  artifactDigest: 'd',
  command: ['a'],
  env: {},
  port: 1,
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1,
};

const at = new Date('2026-01-01T00:00:00Z');

interface Given {
  target?: Partial<Target>;
  measured?: Counters | null;
  /** What the watch knew, five seconds ago. */
  began?: Counters;
}

/** A target whose lane judges r2 at epoch 4, and one measurement. */
function given({ target, measured = counters, began }: Given = {}) {
  const lane = {
    ...record,
    runId: 'run-2',
    release: 'r2',
    manifest,
    state: 'judging',
    strategy: 'canary',
    weights: [10, 100],
    step: 1,
    epoch: 4,
    previous: 'r1',
    takenAt: '',
  };
  const document = {
    ...createTarget(place),
    epoch: 4,
    current: 'r1',
    history: [{ ...record, manifest }],
    lane,
    ...target,
  };
  const measurement: Measurement | null =
    measured === null ? null : { at, countedSince: 'a', releases: { r2: measured, r1: counters } };
  const ports: Ports = { measurements: { measure: async () => measurement } };
  const startedAt = at.getTime() - 5_000;
  const look = began === undefined ? null : { at: startedAt, countedSince: 'a', release: began, beside: null };
  const watch = { startedAt, first: look, last: look, samples: 0, recent: null, badInARow: {}, bad: {} };
  const around = {
    plan,
    now: at,
    job: { unit, ...(began === undefined ? {} : { memo: { watch } }) },
    store: {
      readTarget: async (key: string) => ({ key, version: 1, target: JSON.stringify(document) }),
      keepSample: async () => 'kept' as const,
    },
  };
  return { service: createService(ports), around };
}

const failing = { ...counters, errors: 5 };
const idle = { ...counters, requests: 0, latency: { boundsMs: [100], counts: [0, 0] } };

describe('the observability service at a step', () => {
  it('looks, and comes back for the next look with what it knows', async () => {
    const { service, around } = given();

    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around });

    expect(result).toMatchObject({
      kind: 'park',
      delayMs: 1000,
      status: 'running',
      memo: { watch: { last: { release: counters } } },
    });
  });

  it.each([
    {
      says: 'healthy',
      measured: counters,
      status: 'running',
      data: { verdict: 'HEALTHY', final: false, epoch: 4, samples: 1 },
    },
    {
      says: 'an alert',
      measured: failing,
      status: 'failure',
      data: { metric: 'error_ratio', value: 0.5, attribution: 'RELEASE' },
    },
    { says: 'unclear', measured: null, status: 'running', data: { verdict: 'INCONCLUSIVE', reason: 'no_data' } },
  ])('says at the end of its watch what it saw: $says', async ({ measured, status, data }) => {
    const { service, around } = given({ began: idle, measured });

    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around });

    expect(result).toMatchObject({ status, events: [{ data }], decided: [{ what: 'step watched' }] });
  });

  it('lets a verdict die with its epoch', async () => {
    const { service, around } = given({ target: { lane: null, epoch: 5 }, began: idle });

    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around });

    expect(result).toMatchObject({ kind: 'end', status: null, events: [], decided: [{ reason: 'stale_epoch' }] });
  });

  it('leaves a rollout that is asked to stop to deploy', async () => {
    const { service, around } = given();
    const wish: Wish = { wish: 'cancel', generation: 1, units: null, reason: 'x', actor: 'ada', at: '' };

    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around, wishes: [wish] });

    expect(result).toMatchObject({ status: null, events: [] });
  });

  it('lets every step pass unseen where watching is switched off, and says so', async () => {
    const { service, around } = given();
    const off = { ...plan, observability: { ...plan.observability, enabled: false } };

    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around, plan: off });

    expect(result).toMatchObject({
      events: [{ data: { verdict: 'HEALTHY', outcome: 'NOT_NEEDED', reason: 'not_watched' } }],
    });
  });
});

describe('the observability service at a release', () => {
  const released = { ...step, phase: 'RELEASED', step: 2, weightPercent: 100 } as const;
  const serving = {
    lane: null,
    current: 'r2',
    history: [
      { ...record, manifest },
      { ...record, manifest, release: 'r2' },
    ],
  } as Partial<Target>;

  it('ends with the last word when the release stays healthy', async () => {
    const { service, around } = given({ target: serving, began: idle });

    const result = await receive(service, { topic: 'deployment_triggered', data: released, ...around });

    expect(result).toMatchObject({
      status: 'success',
      events: [{ data: { verdict: 'HEALTHY', final: true, outcome: 'SUCCESS' } }],
    });
  });

  it.each([
    { when: 'a newer release serves', current: 'r3', enabled: true, reason: 'replaced' },
    { when: 'watching is switched off', current: 'r2', enabled: false, reason: 'not_watched' },
  ])('ends without a verdict when $when', async ({ current, enabled, reason }) => {
    const { service, around } = given({ target: { ...serving, current } });
    const set = { ...plan, observability: { ...plan.observability, enabled } };

    const result = await receive(service, { topic: 'deployment_triggered', data: released, ...around, plan: set });

    expect(result).toMatchObject({
      status: 'not_needed',
      reason,
      events: [{ data: { verdict: 'INCONCLUSIVE', final: true, outcome: 'NOT_NEEDED', reason } }],
    });
  });

  it('is bound by no wish on the run', () => {
    const handler = given().service.on.deployment_triggered;

    expect(handler).toMatchObject({ kind: 'stage', obeysWishes: true });
    expect(handler.kind === 'stage' && handler.bound?.({ ...envelope, data: released })).toBe(false);
    expect(handler.kind === 'stage' && handler.bound?.({ ...envelope, data: step })).toBe(true);
  });

  it.each([
    { outcome: 'SKIPPED', status: 'skipped' },
    { outcome: 'FAILURE', status: 'skipped' },
    { outcome: 'CANCELLED', status: 'cancelled' },
  ] as const)('ends as $status when deploy ended as $outcome', async ({ outcome, status }) => {
    const { service, around } = given();
    const data = { ...step, phase: 'ABORTED', outcome, reason: 'because', release: null } as const;

    const result = await receive(service, { topic: 'deployment_triggered', data, ...around });

    expect(result).toMatchObject({ status, reason: 'because', events: [{ data: { final: true } }] });
  });

  it('watches what a rollback has restored', async () => {
    const { service, around } = given();
    const taken = { environment: 'production', service: 'web', fromRelease: 'r2', epoch: 5 };
    const base = { ...taken, reason: 'x', quarantined: true, compared: [], packetDigest: null, packetTextDigest: null };

    const result = await receive(service, {
      topic: 'rollback_event',
      data: { ...base, outcome: 'SUCCESS', toRelease: 'r1' },
      ...around,
    });
    const refused = await receive(service, {
      topic: 'rollback_event',
      data: { ...base, outcome: 'SKIPPED', toRelease: null },
      ...around,
    });

    expect(result).toMatchObject({ timers: [{ task: 'watch_restored', unit: null, payload: { release: 'r1' } }] });
    expect(refused).toBeNull();
  });
});

const about = { id: 'e', runId: 'r', subject: unit, generation: 1, hops: 1, causeId: null, time: new Date(0) };
const envelope = { ...about, topic: 'deployment_triggered' as const, source: 'deploy' as const };

import { describe, expect, it } from '@jest/globals';
import { createTarget, takeLane, type DeploymentHealth, type RollbackEvent, type Target } from '@orchestra/contracts';
import { aContext, anOperatorCommand, receive } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import type { Ports } from './ports.ts';
import { createService } from './service.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const unit = 'deploy/production/web';

const health: DeploymentHealth = {
  environment: 'production',
  service: 'web',
  release: 'r1',
  epoch: 2,
  step: 1,
  verdict: 'HEALTHY',
  final: false,
  outcome: 'SUCCESS',
  reason: null,
  samples: 5,
  checks: [],
  judgement: null,
};

const rollback: RollbackEvent = {
  outcome: 'SUCCESS',
  reason: 'threshold_breached',
  environment: 'production',
  service: 'web',
  fromRelease: 'r1',
  toRelease: 'r0',
  epoch: 3,
  quarantined: true,
  compared: [],
  packetDigest: null,
  packetTextDigest: null,
};

const command = anOperatorCommand({
  commandId: 'c1',
  action: 'PROMOTE',
  addressee: 'deploy',
  runId: 'run-1',
  generation: 1,
  unit,
});

const unreachable = (): Ports => ({ releases: anUntouchedWorld() });

/** A store that keeps answers, with a target in which run-1 judges a step. */
function givenStore(change: Partial<NonNullable<Target['lane']>> = {}) {
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
  const version = { version: 'sha256:v', commit: 'c', manifest };
  const rollout = { runId: 'run-1', generation: 1, sequence: 1, jobId: 'j', ...version };
  const request = { ...rollout, strategy: 'canary' as const, weights: [100], byPerson: false, maxSupersedes: 3 };
  const taken = takeLane(createTarget(place), request, new Date(0));
  const target = taken.kind === 'moved' ? taken.target : createTarget(place);
  const judging = {
    ...target,
    epoch: 2,
    lane: target.lane === null ? null : { ...target.lane, state: 'judging' as const, step: 1, epoch: 2, ...change },
  };
  const answers = new Map<string, unknown>();
  return {
    answers,
    store: {
      readTarget: async (key: string) => ({ key, version: 1, target: JSON.stringify(judging) }),
      answer: async (_run: string, key: string, memo: string) => {
        if (answers.has(key)) return 'already' as const;
        answers.set(key, JSON.parse(memo));
        return 'stored' as const;
      },
    },
  };
}

describe('the deploy service', () => {
  it('gives a verdict to the job that waits for this epoch, and the last word to the watch', async () => {
    const { store, answers } = givenStore();

    await receive(createService(unreachable()), { topic: 'deployment_health', data: health, store });
    await receive(createService(unreachable()), {
      topic: 'deployment_health',
      data: { ...health, final: true },
      store,
    });

    expect([...answers.keys()]).toEqual([`judge/${unit}/2`, `watch/${unit}/r1`]);
    expect(answers.get(`judge/${unit}/2`)).toMatchObject({ kind: 'health', verdict: 'HEALTHY' });
  });

  it('leaves the end of a release that was taken back to the rollback that took it', async () => {
    const { store, answers } = givenStore();
    const gone = { ...health, final: true, verdict: 'INCONCLUSIVE', reason: 'no_longer_serves' } as const;

    const result = await receive(createService(unreachable()), { topic: 'deployment_health', data: gone, store });

    expect(result).toMatchObject({ status: null, decided: [{ what: 'verdict dropped', reason: 'no_longer_serves' }] });
    expect(answers.size).toBe(0);
  });

  it('takes a verdict that it does not know for no verdict', async () => {
    const { store, answers } = givenStore();

    await receive(createService(unreachable()), {
      topic: 'deployment_health',
      data: { ...health, verdict: 'UNRECOGNIZED' },
      store,
    });

    expect(answers.size).toBe(0);
  });

  it('drops a second verdict on the same step, with a reason', async () => {
    const { store } = givenStore();
    const service = createService(unreachable());

    await receive(service, { topic: 'deployment_health', data: health, store });
    const result = await receive(service, {
      topic: 'deployment_health',
      data: { ...health, verdict: 'INCONCLUSIVE' },
      store,
    });

    expect(result).toMatchObject({
      kind: 'end',
      status: null,
      decided: [{ what: 'verdict dropped', reason: 'already' }],
    });
  });

  it.each([
    { outcome: 'SUCCESS', means: 'restored' },
    { outcome: 'SKIPPED', means: 'refused' },
    { outcome: 'ERROR', means: 'unknown' },
    { outcome: 'UNRECOGNIZED', means: 'unknown' },
  ] as const)(
    'reads a rollback that says $outcome as $means, whichever job waits for it',
    async ({ outcome, means }) => {
      const { store, answers } = givenStore();

      await receive(createService(unreachable()), { topic: 'rollback_event', data: { ...rollback, outcome }, store });

      expect([...answers.keys()].toSorted()).toEqual([
        `failing/${unit}/r1`,
        `held/${unit}/2`,
        `judge/${unit}/2`,
        `watch/${unit}/r1`,
      ]);
      expect(answers.get(`judge/${unit}/2`)).toMatchObject({ kind: 'rollback', outcome: means });
    },
  );

  it('lets a person promote the step that is judged', async () => {
    const { store, answers } = givenStore();

    const result = await receive(createService(unreachable()), {
      topic: 'operator_command',
      data: command,
      run: { runId: 'run-1' },
      store,
    });

    expect(result).toMatchObject({ decided: [{ what: 'command accepted' }] });
    expect(answers.get(`held/${unit}/2`)).toMatchObject({ kind: 'person', says: 'go_on', actor: 'ada' });
  });

  it.each([
    { when: 'it was given for another version', change: { digest: 'sha256:other' }, lane: {}, reason: 'other_version' },
    { when: 'nothing waits for it', change: {}, lane: { state: 'failing' as const }, reason: 'nothing_waits' },
    { when: 'it is not for deploy to do', change: { action: 'CANCEL' as const }, lane: {}, reason: 'not_ours' },
    { when: 'it names no target', change: { unit: 'build' }, lane: {}, reason: 'no_target' },
  ])('refuses an order when $when', async ({ change, lane, reason }) => {
    const { store } = givenStore(lane);

    const result = await receive(createService(unreachable()), {
      topic: 'operator_command',
      data: { ...command, ...change },
      run: { runId: 'run-1' },
      store,
    });

    expect(result).toMatchObject({ decided: [{ what: 'command refused', reason }] });
  });

  it('leaves orders to others alone', async () => {
    const data = { ...command, addressee: 'rollback' };

    expect(await receive(createService(unreachable()), { topic: 'operator_command', data })).toBeNull();
  });

  it.each([
    { status: 'skipped', outcome: 'SKIPPED' },
    { status: 'cancelled', outcome: 'CANCELLED' },
    { status: 'timed_out', outcome: 'TIMED_OUT' },
  ] as const)('tells of a rollout that ends as $status before it has begun', async ({ status, outcome }) => {
    const context = aContext('deploy', { job: { unit }, store: { readTarget: async () => null } });
    const { gate } = createService(unreachable());

    const end = await gate?.conclude({ status, reason: 'because', message: 'x' }, context);

    expect(end).toMatchObject({
      status,
      events: [
        {
          topic: 'deployment_triggered',
          data: { phase: 'ABORTED', outcome, release: null, environment: 'production' },
        },
      ],
    });
  });

  it('never ends a rollout that has the lane by a bare error: it fails, and waits for rollback', async () => {
    const { store } = givenStore();
    const context = aContext('deploy', { job: { unit }, run: { runId: 'run-1' }, store });
    const { gate } = createService(unreachable());

    const end = await gate?.conclude({ status: 'error', reason: 'stalled', message: 'x' }, context);

    expect(end).toMatchObject({
      status: 'running',
      events: [{ data: { phase: 'FAILED', outcome: 'FAILURE', reason: 'stalled', release: 'r1' } }],
      timers: [{ task: 'failing', bound: false }],
      target: { target: { lane: { state: 'failing' } } },
    });
  });

  it('blocks the target when traffic could not be given back', async () => {
    const { store } = givenStore({ state: 'returning' });
    const context = aContext('deploy', { job: { unit }, run: { runId: 'run-1' }, store });
    const { gate } = createService(unreachable());

    const end = await gate?.conclude({ status: 'error', reason: 'target_unreachable', message: 'x' }, context);

    expect(end).toMatchObject({
      status: 'unknown',
      reason: 'target_blocked',
      target: { target: { blocked: { reason: 'x' } } },
    });
  });
});

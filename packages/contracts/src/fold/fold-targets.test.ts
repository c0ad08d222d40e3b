import { describe, expect, it } from '@jest/globals';
import { createTarget, type Target } from '../target/target.ts';
import type { Received, Topic } from '../topics.ts';
import { aMove, aRollback, aVerdict } from './events.fixture.ts';
import { foldTargets, reconcileTarget } from './fold-targets.ts';
import type { PlannedRelease } from './planned-release.ts';

const planned: PlannedRelease = {
  version: 'sha256:v',
  strategy: 'canary',
  weights: [10, 100],
  manifest: {
    artifactDigest: 'sha256:a',
    command: ['node', 'main.js'],
    env: {},
    port: 8080,
    replicas: 1,
    healthPath: '/health',
    metricsPath: null,
    readyTimeoutMs: 1000,
  },
};

function fold(events: readonly Received<Topic>[], release: PlannedRelease | null = planned): Target {
  const sequences = new Map([
    ['run-1', 1],
    ['run-2', 2],
  ]);
  const [target] = foldTargets({
    events,
    identityOf: (runId) => {
      const sequence = sequences.get(runId);
      return sequence === undefined ? null : { repository: 'acme/shop', sequence, commit: `c${sequence}` };
    },
    releaseOf: () => release,
  });
  return target ?? createTarget({ repository: 'none', environment: 'none', service: 'none' });
}

const first = { release: 'r1', previousRelease: null, epoch: 2 } as const;
const releasedFirst = [
  aMove({ ...first, phase: 'STEP', epoch: 1 }, { at: 1 }),
  aMove({ ...first, phase: 'RELEASED' }, { at: 2 }),
];
const stepSecond = aMove({ phase: 'STEP', epoch: 4, step: 1 }, { runId: 'run-2', at: 5 });

describe('the fold of a target', () => {
  it('knows what serves, with all that brings it up again, and how it was judged', () => {
    const target = fold([...releasedFirst, aVerdict({ release: 'r1' }, { at: 3 })]);

    expect(target).toMatchObject({
      repository: 'acme/shop',
      environment: 'production',
      service: 'web',
      epoch: 2,
      nextRelease: 2,
      current: 'r1',
      lane: null,
      history: [
        { release: 'r1', runId: 'run-1', sequence: 1, commit: 'c1', health: 'healthy', manifest: planned.manifest },
      ],
      pins: ['run-1'],
    });
  });

  it("knows the user's own objects of a release in a cluster, and the name of the version that they are part of", () => {
    const objects = { digest: 'sha256:forgotten', rendered: 'sha256:forgotten', services: ['web', 'api'] };
    const container = { namespace: 'shop', image: 'shop@sha256:a', port: 80, runId: 'run-1', commit: 'c1', objects };
    const inCluster = { ...planned, manifest: { ...planned.manifest, container } };
    const told = { objects: { digest: 'sha256:production', rendered: 'sha256:all', replicas: 3 }, version: 'sha256:w' };
    const move = aMove({ ...first, ...told, phase: 'RELEASED' }, { at: 2 });

    const [known] = fold([move], inCluster).history;
    const [older] = fold([aMove({ ...first, phase: 'RELEASED' })], inCluster).history;

    expect(known).toMatchObject({
      version: 'sha256:w',
      manifest: {
        replicas: 3,
        container: { objects: { digest: 'sha256:production', rendered: 'sha256:all', services: ['web', 'api'] } },
      },
    });
    expect(older?.manifest.container).toEqual(container);
  });

  it('knows who has the lane, at which step', () => {
    const target = fold([...releasedFirst, stepSecond]);

    expect(target).toMatchObject({
      current: 'r1',
      epoch: 4,
      nextRelease: 3,
      lane: { release: 'r2', runId: 'run-2', state: 'judging', step: 1, weights: [10, 100], previous: 'r1' },
    });
  });

  it.each([
    { after: 'it was released', move: { phase: 'RELEASED' } as const, current: 'r2' },
    { after: 'it was given up', move: { phase: 'ABORTED' } as const, current: 'r1' },
  ])('frees the lane after $after', ({ move, current }) => {
    const target = fold([...releasedFirst, stepSecond, aMove(move, { runId: 'run-2', at: 6 })]);

    expect(target).toMatchObject({ lane: null, current });
  });

  it('takes a release that another one followed for good enough to go back to', () => {
    const target = fold([...releasedFirst, stepSecond, aMove({ phase: 'RELEASED' }, { runId: 'run-2', at: 6 })]);

    expect(target.history.map(({ release, health }) => [release, health])).toEqual([
      ['r1', 'healthy'],
      ['r2', 'watching'],
    ]);
  });

  it('keeps the lane of a rollout that failed, for whoever looks after it', () => {
    const target = fold([...releasedFirst, stepSecond, aMove({ phase: 'FAILED' }, { runId: 'run-2', at: 6 })]);

    expect(target.lane).toMatchObject({ release: 'r2', state: 'failing' });
  });

  it('knows what was taken back, and that a refusal changed nothing', () => {
    const released = aMove({ phase: 'RELEASED' }, { runId: 'run-2', at: 6 });
    const refused = fold([...releasedFirst, released, aRollback({ outcome: 'SKIPPED' }, { runId: 'run-2', at: 7 })]);
    const restored = fold([...releasedFirst, released, aRollback({}, { runId: 'run-2', at: 7 })]);

    expect(refused).toMatchObject({ current: 'r2', rollbacks: [] });
    expect(restored).toMatchObject({ current: 'r1', rollbacks: [{ from: 'r2', to: 'r1' }], epoch: 6 });
    expect(restored.history.map(({ health }) => health)).toEqual(['healthy', 'bad']);
  });

  it('is blocked after a way back that could not be done', () => {
    const target = fold([...releasedFirst, aRollback({ outcome: 'ERROR', fromRelease: 'r1' }, { at: 7 })]);

    expect(target.blocked).toMatchObject({ runId: 'run-1' });
  });

  it('leaves out what belongs to no run that is known, and releases that nothing can bring up again', () => {
    const moved = aMove({ phase: 'RELEASED' }, { runId: 'run-9' });

    expect(fold([moved]).repository).toBe('none');
    expect(fold(releasedFirst, null)).toMatchObject({ current: null, history: [], nextRelease: 2, epoch: 2 });
  });
});

describe('the world beside a folded target', () => {
  const now = new Date('2026-01-02T00:00:00Z');
  const target = fold([...releasedFirst, aMove({ phase: 'RELEASED' }, { runId: 'run-2', at: 6 })]);

  it('has the newest epoch, and says what serves', () => {
    expect(reconcileTarget(target, { epoch: 9, serving: 'r1' }, now)).toMatchObject({ epoch: 9, current: 'r1' });
    expect(reconcileTarget(target, { epoch: 1, serving: null }, now)).toMatchObject({ epoch: 4, current: 'r2' });
    expect(reconcileTarget(target, null, now)).toEqual(target);
  });

  it('does not make a canary the current release', () => {
    const stepping = fold([...releasedFirst, stepSecond]);

    expect(reconcileTarget(stepping, { epoch: 4, serving: 'r2' }, now)).toMatchObject({ current: 'r1' });
  });

  it('blocks the target when a release serves that nobody knows', () => {
    expect(reconcileTarget(target, { epoch: 9, serving: 'r7' }, now)).toMatchObject({
      current: 'r2',
      blocked: { reason: 'unknown_release_serves' },
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aBuild, aMove, anEvent, aPush, aRollback, aVerdict } from './events.fixture.ts';
import { foldEvents } from './fold-events.ts';
import { judgeFolded } from './judge-folded.ts';
import type { FoldedRun } from './folded-run.ts';
import type { Received, Topic } from '../topics.ts';

function foldOne(events: readonly Received<Topic>[]): FoldedRun {
  const [run] = foldEvents(events);
  if (run === undefined) throw new Error('no run');
  return run;
}

function statusOf(events: readonly Received<Topic>[], unit: string): string {
  const { status, reason } = foldOne(events).units[unit] ?? { status: 'none', reason: null };
  return reason === null ? status : `${status}: ${reason}`;
}

const deploy = 'deploy/production/web';

describe('the fold of a run', () => {
  it('is its identity, the plan it follows and where its units stand', () => {
    const run = foldOne([aPush(), aBuild('SUCCESS', { at: 1 })]);

    expect(run).toMatchObject({
      runId: 'run-1',
      generation: 1,
      identity: { repository: 'acme/shop', branch: 'main', commit: 'c1', sequence: 7, planDigest: 'sha256:p' },
      units: { gitops: { status: 'success' }, build: { status: 'success', generation: 1 } },
      slices: { gitops: { source: { snapshotDigest: 'sha256:s' } }, build: { result: { artifacts: [] } } },
    });
    expect(run.seen.map(({ topic }) => topic)).toEqual(['code_push', 'build_ready']);
  });

  it('counts an event once that came twice, and leaves out one without a run', () => {
    const events = [aPush(), aPush(), aBuild('SUCCESS', { runId: '' })];

    expect(foldEvents(events)).toHaveLength(1);
    expect(foldOne(events).seen).toHaveLength(1);
  });

  it('keeps the first end of a unit in its generation, and begins again with the next', () => {
    const first = [aBuild('FAILURE', { at: 1 }), aBuild('SUCCESS', { at: 2 })];

    expect(statusOf(first, 'build')).toBe('failure');
    expect(statusOf([...first, aBuild('SUCCESS', { at: 3, generation: 2 })], 'build')).toBe('success');
  });

  it('never lets an event of an older generation change a newer one', () => {
    const events = [aBuild('SUCCESS', { generation: 2 }), aBuild('FAILURE', { at: 5 })];

    expect(foldOne(events)).toMatchObject({ generation: 2, units: { build: { status: 'success', generation: 2 } } });
  });

  it('knows the wishes by the reasons of those who obeyed them', () => {
    const run = foldOne([aPush(), aBuild('CANCELLED', { at: 1 }, 'superseded')]);

    expect(run.wishes).toEqual(['superseded']);
    expect(judgeFolded(run, [])).toMatchObject({ kind: 'ended', status: 'superseded' });
  });

  it('knows from where the ref was moved, and the names under which the push comes again', () => {
    const names = { before: 'c0', delivery: 'github:1', content: 'push acme/shop c1' };

    expect(foldOne([aPush({}, names)]).identity).toMatchObject(names);
  });

  it('leaves out what moves no unit: orders, and alerts about what was restored', () => {
    const alert = { environment: 'production', service: 'web', release: 'r1', epoch: 6, step: 0, samples: 1 };
    const judgement = null;
    const bad = {
      metric: 'errors',
      value: 1,
      threshold: 0,
      baseline: null,
      reason: 'threshold_breached',
      checks: [],
      judgement,
    };
    const restored = { ...alert, ...bad, attribution: 'RELEASE', source: 'WATCH' } as const;

    expect(foldOne([anEvent('observability_alert', restored)]).units).toEqual({});
    expect(
      statusOf(
        [anEvent('observability_alert', restored, { subject: 'observe/production/web' })],
        'observe/production/web',
      ),
    ).toBe('failure: threshold_breached');
  });

  it('is the same in whatever order the topics are read', () => {
    const topics = [
      [aPush()],
      [aBuild('SUCCESS', { at: 1 })],
      [aMove({}, { at: 2 }), aMove({ phase: 'RELEASED', step: 2, weightPercent: 100, epoch: 5 }, { at: 4 })],
      [aVerdict({ final: false, epoch: 4 }, { at: 3 }), aVerdict({}, { at: 9 })],
    ];
    const one = foldOne(topics.flat());
    fc.assert(
      fc.property(fc.shuffledSubarray(topics, { minLength: topics.length }), (shuffled) => {
        const other = foldOne(shuffled.flat());
        expect(other.units).toEqual(one.units);
        expect(other.slices).toEqual(one.slices);
      }),
    );
  });
});

describe('the fold of a rollout', () => {
  const step = aMove({}, { at: 1 });
  const released = aMove({ phase: 'RELEASED', epoch: 5 }, { at: 2 });
  const failed = aMove({ phase: 'FAILED', outcome: 'FAILURE', reason: 'release_not_ready' }, { at: 2 });

  it('stands where its last move has put it', () => {
    expect(statusOf([step], deploy)).toBe('running: judging');
    expect(statusOf([step, released], deploy)).toBe('running: watching');
    expect(statusOf([step, failed], deploy)).toBe('running: failing');
  });

  it('ends with what it says itself', () => {
    const aborted = aMove({ phase: 'ABORTED', outcome: 'CANCELLED', reason: 'superseded' }, { at: 3 });

    expect(statusOf([step, aborted], deploy)).toBe('cancelled: superseded');
    expect(statusOf([step, failed, aRollback({ outcome: 'SKIPPED' }, { at: 3 }), aborted], deploy)).toBe(
      'cancelled: superseded',
    );
  });

  it.each([
    ['success: watched', aVerdict({}, { at: 3 })],
    ['success: replaced', aVerdict({ verdict: 'INCONCLUSIVE', outcome: 'NOT_NEEDED', reason: 'replaced' }, { at: 3 })],
    ['success: unwatched', aVerdict({ outcome: 'NOT_NEEDED', reason: 'not_watched' }, { at: 3 })],
    ['success: released_unjudged', aVerdict({ verdict: 'INCONCLUSIVE', outcome: 'ERROR' }, { at: 3 })],
    ['running: watching', aVerdict({ final: false }, { at: 3 })],
    [
      'running: watching',
      aVerdict({ outcome: 'CANCELLED', verdict: 'INCONCLUSIVE', reason: 'no_longer_serves' }, { at: 3 }),
    ],
    ['running: watching', aVerdict({ release: 'r3' }, { at: 3 })],
    ['failure: rolled_back', aRollback({}, { at: 3 })],
    ['failure: degraded', aRollback({ outcome: 'SKIPPED', toRelease: null }, { at: 3 })],
    ['unknown: target_blocked', aRollback({ outcome: 'UNKNOWN' }, { at: 3 })],
    ['running: watching', aRollback({ outcome: 'SKIPPED', reason: 'overtaken' }, { at: 3 })],
  ])('that was released ends as %s', (said, word) => {
    expect(statusOf([step, released, word], deploy)).toBe(said);
  });

  it.each([
    ['failure: rolled_back', aRollback({}, { at: 3 })],
    ['unknown: target_blocked', aRollback({ outcome: 'ERROR' }, { at: 3 })],
    ['running: failing', aRollback({ outcome: 'SKIPPED' }, { at: 3 })],
  ])('that failed ends as %s', (said, word) => {
    expect(statusOf([step, failed, word], deploy)).toBe(said);
  });

  it('goes on being watched when a person asked in vain to take it back', () => {
    const order = { ...aRollback({}, { id: 'order' }), topic: 'operator_command' as const };
    const refusal = { ...aRollback({ outcome: 'SKIPPED', toRelease: null }, { at: 3 }), causeId: order.id };

    expect(statusOf([step, released, order, refusal], deploy)).toBe('running: watching');
    expect(statusOf([step, released, order, refusal, aVerdict({}, { at: 4 })], deploy)).toBe('success: watched');
  });

  it('that failed and was taken back by the rollback of another run ends as rolled back', () => {
    const overtaken = aRollback({ outcome: 'SKIPPED', reason: 'overtaken' }, { at: 3 });
    const other = [aPush({ runId: 'run-2' }), aRollback({}, { at: 4, runId: 'run-2' })];

    expect(statusOf([aPush(), step, failed, overtaken, ...other], deploy)).toBe('failure: rolled_back');
  });

  it('that goes on serving because nothing could be taken back is degraded', () => {
    const degraded = aMove({ phase: 'FAILED', outcome: 'FAILURE', reason: 'rollback_refused' }, { at: 4 });

    expect(statusOf([step, released, degraded], deploy)).toBe('failure: degraded');
  });
});

describe('the fold of a rollback', () => {
  it('is not needed when it was refused', () => {
    expect(statusOf([aRollback({ outcome: 'SKIPPED', reason: 'disabled' })], 'rollback/production/web')).toBe(
      'not_needed: disabled',
    );
  });

  it('leaves the last word to the one that overtook it', () => {
    const overtaken = aRollback({ outcome: 'SKIPPED', reason: 'overtaken' }, { at: 1 });

    expect(statusOf([overtaken], 'rollback/production/web')).toBe('not_needed: overtaken');
    expect(statusOf([overtaken, aRollback({}, { at: 2 })], 'rollback/production/web')).toBe('success: rollout_failed');
  });

  it('knows where the decision packet of a rollback is', () => {
    const packet = { packetDigest: 'sha256:j', packetTextDigest: 'sha256:m' };

    expect(foldOne([aPush(), aRollback(packet)]).slices.rollback).toMatchObject({
      'production/web': { packet: { json: 'sha256:j', markdown: 'sha256:m' } },
    });
    expect(foldOne([aPush(), aRollback({})]).slices.rollback['production/web']).not.toHaveProperty('packet');
  });
});

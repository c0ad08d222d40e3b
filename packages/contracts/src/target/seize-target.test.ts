import { describe, expect, it } from '@jest/globals';
import { beginStep } from './advance-rollout.ts';
import { beginResolve, blockTarget, finishResolve, restoreTarget, seizeTarget } from './seize-target.ts';
import { takeLane } from './take-lane.ts';
import { findRelease } from './transition.ts';
import { judging, moved, mover, now, released, requestOf } from './targets.fixture.ts';

const alert = {
  cause: 'event-1',
  runId: 'run-2',
  jobId: 'job-r',
  from: 'r2',
  to: 'r1',
  reason: 'threshold_breached',
  byPerson: false,
};

describe('a seizure', () => {
  it('takes the lane away from a canary in one step, with a newer epoch', () => {
    const before = judging(2, released(1));

    const { target } = moved(seizeTarget(before, alert, now));

    expect(target).toMatchObject({
      lane: null,
      epoch: before.epoch + 1,
      seizure: { from: 'r2', to: 'r1', ousted: { runId: 'run-2' } },
    });
    expect(beginStep(target, { ...mover(2), step: 2 })).toMatchObject({ reason: 'lane_lost' });
  });

  it('resumes for the same cause and is joined by another one for the same release', () => {
    const { target } = moved(seizeTarget(released(1, 2), alert, now));

    expect(seizeTarget(target, alert, now)).toMatchObject({ turn: 'resumed', target: { epoch: target.epoch } });
    expect(seizeTarget(target, { ...alert, cause: 'event-2' }, now)).toMatchObject({ kind: 'joined' });
  });

  it('is joined by an order that says again what people have ordered, and overtaken by any other order', () => {
    const order = { ...alert, cause: 'command-1', byPerson: true };
    const again = { ...order, cause: 'command-2' };
    const { target } = moved(seizeTarget(released(1, 2, 3), { ...order, from: 'r3', to: 'r2' }, now));
    const stuck = moved(blockTarget(target, { reason: 'restore_failed', runId: 'run-3' }, now)).target;

    expect(seizeTarget(target, { ...again, from: 'r3', to: 'r2' }, now)).toMatchObject({ kind: 'joined' });
    expect(seizeTarget(target, { ...again, from: 'r3', to: 'r1' }, now)).toMatchObject({ turn: 'seized' });
    expect(seizeTarget(stuck, { ...again, from: 'r3', to: 'r2' }, now)).toMatchObject({ turn: 'seized' });
  });

  it('is refused for a release that takes no part any more', () => {
    expect(seizeTarget(released(1, 2, 3), alert, now)).toEqual({ kind: 'refused', reason: 'not_current' });
  });

  it('ends with the old release serving, the new one known as bad and the next waiter awake', () => {
    const waiting = moved(takeLane(judging(2, released(1)), requestOf(3), now)).target;
    const { target } = moved(seizeTarget(waiting, alert, now));

    const restored = moved(restoreTarget(target, { cause: 'event-1', epoch: target.epoch }, now));

    expect(restored.target).toMatchObject({
      seizure: null,
      current: 'r1',
      rollbacks: [{ from: 'r2', to: 'r1', ousted: { runId: 'run-2' } }],
    });
    expect(restored.wake).toEqual([{ jobId: 'job-3', memo: { kind: 'take' } }]);
    const twice = moved(seizeTarget(released(1, 2), alert, now)).target;
    const after = moved(restoreTarget(twice, { cause: 'event-1', epoch: twice.epoch }, now)).target;
    expect(findRelease(after, 'r2')?.health).toBe('bad');
  });

  it('is lost when another one has overtaken it', () => {
    const first = moved(seizeTarget(released(1, 2), alert, now)).target;
    const second = moved(seizeTarget(first, { ...alert, cause: 'command-1', byPerson: true }, now)).target;

    expect(restoreTarget(second, { cause: 'event-1', epoch: first.epoch }, now)).toMatchObject({
      reason: 'seizure_lost',
    });
  });

  it('leaves a blocked target alone until a person resolves it', () => {
    const seized = moved(seizeTarget(released(1, 2), alert, now)).target;
    const blocked = moved(blockTarget(seized, { reason: 'target_unreachable', runId: 'run-2' }, now)).target;
    expect(takeLane(blocked, requestOf(3), now)).toMatchObject({ turn: 'waiting' });
    const waiting = moved(takeLane(blocked, requestOf(3), now)).target;

    const looking = moved(beginResolve(waiting)).target;
    const resolved = moved(finishResolve(looking, { epoch: looking.epoch, serving: 'r2' }));

    expect(looking.epoch).toBe(blocked.epoch + 1);
    expect(resolved.target).toMatchObject({ blocked: null, seizure: null, lane: null, current: 'r2' });
    expect(resolved.wake).toEqual([{ jobId: 'job-3', memo: { kind: 'take' } }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  beginReturn,
  beginStep,
  degradeTarget,
  failRollout,
  finishReturn,
  finishRollout,
  finishStep,
  healthyBefore,
  judgeRelease,
} from './advance-rollout.ts';
import { leaveLane, takeLane } from './take-lane.ts';
import { createTarget, parseTarget, targetKey, type Target } from './target.ts';
import { judging, moved, mover, name, now, released, requestOf, stepped } from './targets.fixture.ts';

describe('a target document', () => {
  it('reads what it wrote', () => {
    const target = judging(2, released(1));

    expect(parseTarget(JSON.stringify(target))).toEqual(target);
    expect(targetKey(target)).toBe('ada/shop/production/web');
  });

  it('refuses text that is no target, naming the field', () => {
    expect(() => parseTarget('{"epoch":-1}')).toThrow(expect.objectContaining({ code: 'TARGET_INVALID' }));
    expect(() => parseTarget('{')).toThrow(expect.objectContaining({ code: 'TARGET_INVALID' }));
  });

  it('pins every run that it names', () => {
    const target = moved(takeLane(judging(2, released(1)), requestOf(3), now)).target;

    expect(target.pins.toSorted()).toEqual(['run-1', 'run-2', 'run-3']);
  });
});

describe('taking the lane', () => {
  it('gives the first release one step, whatever the strategy', () => {
    const { target } = moved(takeLane(createTarget(name), requestOf(1), now));

    expect(target.lane).toMatchObject({ release: 'r1', weights: [100], epoch: 1, previous: null, state: 'taken' });
  });

  it('lets a newer run wait while another owns it', () => {
    const answer = moved(takeLane(judging(2, released(1)), requestOf(3), now));

    expect(answer).toMatchObject({ turn: 'waiting', target: { waiters: [{ runId: 'run-3', woken: false }] } });
  });

  it('answers its owner as before when a crashed job asks again', () => {
    const { target } = moved(takeLane(released(1), requestOf(2), now));

    expect(takeLane(target, requestOf(2), now)).toMatchObject({ turn: 'taken', target: { epoch: target.epoch } });
  });

  it('refuses a run that is older than what serves, unless a person asks', () => {
    const target = released(1, 5);

    expect(takeLane(target, requestOf(3), now)).toEqual({ kind: 'refused', reason: 'older_than_current' });
    expect(takeLane(target, requestOf(3, { byPerson: true }), now)).toMatchObject({ turn: 'taken' });
  });

  it('refuses a rollout that was released already', () => {
    expect(takeLane(released(1), requestOf(1), now)).toEqual({ kind: 'refused', reason: 'already_released' });
  });

  it('wakes the newest waiter when the lane is freed and ends the older ones once it has taken it', () => {
    let target = judging(2, released(1));
    target = moved(takeLane(target, requestOf(3), now)).target;
    target = moved(takeLane(target, requestOf(4), now)).target;
    target = moved(beginReturn(target, mover(2))).target;

    const freed = moved(finishReturn(target, { ...mover(2), epoch: target.epoch }));
    const taken = moved(takeLane(freed.target, requestOf(4), now));

    expect(freed.wake).toEqual([{ jobId: 'job-4', memo: { kind: 'take' } }]);
    expect(taken.wake).toEqual([{ jobId: 'job-3', memo: { kind: 'superseded' } }]);
    expect(taken.target.waiters).toEqual([]);
  });

  it('wakes the next waiter when the woken one leaves', () => {
    let target = judging(2, released(1));
    target = moved(takeLane(target, requestOf(3), now)).target;
    target = moved(takeLane(target, requestOf(4), now)).target;
    target = moved(beginReturn(target, mover(2))).target;
    target = moved(finishReturn(target, { ...mover(2), epoch: target.epoch })).target;

    expect(leaveLane(target, mover(4)).wake).toEqual([{ jobId: 'job-3', memo: { kind: 'take' } }]);
  });

  it('ends a waiter that is older than what was released meanwhile, even a protected one', () => {
    let target = judging(5, released(1));
    target = moved(takeLane(target, requestOf(3), now)).target;
    target = { ...target, waiters: target.waiters.map((waiter) => ({ ...waiter, protected: true })) };
    target = stepped(target, 5, 2);

    const freed = moved(finishRollout(target, { ...mover(5), epoch: target.epoch, checks: [] }, now));

    expect(freed.wake).toEqual([{ jobId: 'job-3', memo: { kind: 'superseded' } }]);
  });

  it('protects a waiter after so many were pushed out, and wakes it before the newest', () => {
    let target = { ...released(1), supersedesInARow: 3 };
    target = moved(takeLane(target, requestOf(2), now)).target;
    target = moved(takeLane(target, requestOf(3), now)).target;
    target = moved(takeLane(target, requestOf(4), now)).target;
    target = moved(beginReturn(target, mover(2))).target;
    target = moved(finishReturn(target, { ...mover(2), epoch: target.epoch })).target;
    target = moved(takeLane(target, requestOf(4), now)).target;
    expect(target.waiters).toMatchObject([{ runId: 'run-3', protected: true }]);
    target = moved(takeLane(target, requestOf(5), now)).target;
    target = moved(beginReturn(target, mover(4))).target;

    const freed = moved(finishReturn(target, { ...mover(4), epoch: target.epoch }));

    expect(freed.wake).toEqual([{ jobId: 'job-3', memo: { kind: 'take' } }]);
    expect(takeLane(freed.target, requestOf(5), now)).toMatchObject({ turn: 'waiting' });
  });
});

describe('the steps of a rollout', () => {
  it('refuses the effect of a step that has been overtaken by a newer move', () => {
    const first = moved(
      beginStep(moved(takeLane(released(1), requestOf(2), now)).target, { ...mover(2), step: 1 }),
    ).target;
    const again = moved(beginStep(first, { ...mover(2), step: 1 })).target;

    expect(finishStep(again, { ...mover(2), step: 1, epoch: first.epoch })).toMatchObject({ reason: 'epoch_moved' });
  });

  it('never skips a step and never releases before the last', () => {
    const target = judging(2, released(1));

    expect(beginStep(target, { ...mover(2), step: 3 })).toMatchObject({ reason: 'state_moved' });
    expect(finishRollout(target, { ...mover(2), epoch: target.epoch, checks: [] }, now)).toMatchObject({
      reason: 'state_moved',
    });
  });

  it('frees the lane with the release, and calls the one before good enough to go back to', () => {
    const target = released(1, 2);

    expect(target).toMatchObject({ lane: null, current: 'r2' });
    expect(target.history.map(({ release, health }) => [release, health])).toEqual([
      ['r1', 'healthy'],
      ['r2', 'watching'],
    ]);
  });

  it('keeps the lane when it fails, until the canary is out of traffic', () => {
    const failed = moved(failRollout(judging(2, released(1)), mover(2))).target;
    const returning = moved(beginReturn(failed, mover(2))).target;

    expect(failed.lane).toMatchObject({ state: 'failing' });
    expect(finishReturn(failed, { ...mover(2), epoch: failed.epoch })).toMatchObject({ reason: 'state_moved' });
    expect(moved(finishReturn(returning, { ...mover(2), epoch: returning.epoch })).target.lane).toBeNull();
  });

  it('records a degraded first release as what serves, with bad health', () => {
    const failed = moved(failRollout(judging(1, createTarget(name)), mover(1))).target;
    const returning = moved(beginReturn(failed, mover(1))).target;

    const { target } = moved(
      degradeTarget(returning, { ...mover(1), epoch: returning.epoch, health: 'bad', checks: [] }, now),
    );

    expect(target).toMatchObject({ lane: null, current: 'r1', history: [{ release: 'r1', health: 'bad' }] });
  });
});

describe('healthyBefore', () => {
  it('is what serves beside an unfinished rollout', () => {
    expect(healthyBefore(judging(2, released(1)), 'r2')?.release).toBe('r1');
  });

  it('is never a release that is known as bad', () => {
    const target = moved(judgeRelease(released(1, 2, 3), { release: 'r2', health: 'bad', checks: [] })).target;

    expect(healthyBefore(target, 'r3')?.release).toBe('r1');
  });

  it('is one that nobody was to watch only where none was seen to be healthy', () => {
    const target = unwatched(released(1, 2, 3), 'r2');

    expect(healthyBefore(target, 'r3')?.release).toBe('r1');
    expect(healthyBefore(unwatched(target, 'r1'), 'r3')?.release).toBe('r2');
  });

  it('is null where nothing good came before', () => {
    expect(healthyBefore(released(1), 'r1')).toBeNull();
    expect(healthyBefore(judging(1, createTarget(name)), 'r1')).toBeNull();
  });
});

function unwatched(target: Target, release: string): Target {
  return moved(judgeRelease(target, { release, health: 'unwatched', checks: [] })).target;
}

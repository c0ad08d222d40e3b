import { describe, expect, it } from '@jest/globals';
import { beginReturn, beginStep, degradeTarget, failRollout, finishReturn, finishStep } from './advance-rollout.ts';
import { beginResolve, blockTarget, restoreTarget, seizeTarget } from './seize-target.ts';
import { leaveLane, takeLane } from './take-lane.ts';
import type { Target } from './target.ts';
import { judging, moved, mover, now, released, requestOf } from './targets.fixture.ts';

const seizure = {
  cause: 'alert-1',
  jobId: 'job-r',
  runId: 'run-2',
  from: 'r2',
  to: 'r1',
  reason: 'x',
  byPerson: false,
};
const failed = (): Target => moved(failRollout(judging(2, released(1)), mover(2))).target;
const blocked = (): Target => moved(blockTarget(failed(), { reason: 'lost', runId: 'run-2' }, now)).target;

describe('the epoch of a target', () => {
  it.each([
    { what: 'taking the lane', before: released(1), move: (at: Target) => takeLane(at, requestOf(2), now) },
    {
      what: 'a step',
      before: judging(2, released(1)),
      move: (at: Target) => beginStep(at, { ...mover(2), step: 2 }),
    },
    {
      what: 'the same step again',
      before: moved(beginStep(judging(2, released(1)), { ...mover(2), step: 2 })).target,
      move: (at: Target) => beginStep(at, { ...mover(2), step: 2 }),
    },
    {
      what: 'a return of traffic',
      before: judging(2, released(1)),
      move: (at: Target) => beginReturn(at, mover(2)),
    },
    { what: 'a refusal that is carried out', before: failed(), move: (at: Target) => beginReturn(at, mover(2)) },
    {
      what: 'a seizure',
      before: judging(2, released(1)),
      move: (at: Target) => seizeTarget(at, seizure, now),
    },
    { what: 'a look by a person', before: blocked(), move: (at: Target) => beginResolve(at) },
  ])('rises by one with $what', ({ before, move }) => {
    expect(moved(move(before)).target.epoch).toBe(before.epoch + 1);
  });

  it.each([
    {
      what: 'the end of a step',
      before: moved(beginStep(judging(2, released(1)), { ...mover(2), step: 2 })).target,
      move: (at: Target) => finishStep(at, { ...mover(2), step: 2, epoch: at.epoch }),
    },
    {
      what: 'the end of a return',
      before: moved(beginReturn(failed(), mover(2))).target,
      move: (at: Target) => finishReturn(at, { ...mover(2), epoch: at.epoch }),
    },
    {
      what: 'a release that goes on serving, though bad',
      before: moved(beginReturn(failed(), mover(2))).target,
      move: (at: Target) => degradeTarget(at, { ...mover(2), epoch: at.epoch, health: 'bad', checks: [] }, now),
    },
    {
      what: 'the end of a restoring',
      before: moved(seizeTarget(judging(2, released(1)), seizure, now)).target,
      move: (at: Target) => restoreTarget(at, { cause: 'alert-1', epoch: at.epoch }, now),
    },
    {
      what: 'a waiter that comes',
      before: judging(2, released(1)),
      move: (at: Target) => takeLane(at, requestOf(3), now),
    },
    {
      what: 'a waiter that leaves',
      before: moved(takeLane(judging(2, released(1)), requestOf(3), now)).target,
      move: (at: Target) => leaveLane(at, mover(3)),
    },
  ])('stays with $what: it numbers moves, not what becomes of them', ({ before, move }) => {
    expect(moved(move(before)).target.epoch).toBe(before.epoch);
  });
});

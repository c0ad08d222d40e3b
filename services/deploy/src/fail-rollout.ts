import { failRollout, ownedLane } from '@orchestra/contracts';
import { targetWrite, type Ended, type Result } from '@orchestra/runtime';
import { sliceOf, triggered } from './report.ts';
import type { Work } from './work.ts';

/** Why a rollout has failed by itself. */
export interface Failure {
  reason: string;
  message: string;
}

/** The rollout fails and keeps the lane: rollback decides about the way back, and this unit waits for its word. */
export function failRolloutHere(work: Work, failure: Failure): Result<'deploy'> {
  return failedEnd(work, failure) ?? { kind: 'again' };
}

/** The same as the end of a job that could not go on. Null: the lane is not ours. */
export function failedEnd(work: Work, { reason, message }: Failure): Ended<'deploy'> | null {
  const lane = ownedLane(work.held.target, work.mover);
  const failed = failRollout(work.held.target, work.mover);
  if (lane === null || failed.kind === 'refused') return null;
  const { release } = lane;
  return {
    kind: 'end',
    status: 'running',
    reason: 'failing',
    message,
    events: [triggered(work, { phase: 'FAILED', status: 'failure', reason, lane, url: null })],
    target: targetWrite(work.held, failed),
    timers: [
      {
        name: `failing-${lane.epoch}`,
        task: 'failing',
        delayMs: 0,
        unit: work.unit,
        payload: { release },
        bound: false,
      },
    ],
    slice: sliceOf(work, { state: 'failing', lane, waitsFor: 'rollback' }),
    decided: [{ what: 'rollout failed', reason, facts: { release, step: lane.step, epoch: lane.epoch, message } }],
  };
}

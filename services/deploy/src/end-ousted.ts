import type { Ended } from '@orchestra/runtime';
import { sliceAfter, triggered } from './report.ts';
import type { Work } from './work.ts';

/** A rollout whose lane a rollback has taken ends without an effect; its event ends the watch over the step as well. */
export function endOusted(work: Work, why: 'rolled_back' | 'lane_lost' | 'target_blocked'): Ended<'deploy'> {
  const reason = why === 'target_blocked' ? why : 'rolled_back';
  const status = why === 'target_blocked' ? 'unknown' : 'failure';
  return {
    kind: 'end',
    status,
    reason,
    message: messages[why],
    events: [triggered(work, { phase: 'ABORTED', status, reason, lane: null, url: null })],
    slice: sliceAfter(work, reason),
    decided: [{ what: 'rollout ended by others', reason: why, facts: { status, epoch: work.held.target.epoch } }],
  };
}

const messages = {
  rolled_back: 'The release was rolled back',
  lane_lost: 'The target was taken over by a rollback',
  target_blocked: 'The way back could not be done: a person has to look',
} as const;

import type { Resolution } from '../run-state/resolution.ts';
import { wakeNext } from './take-lane.ts';
import type { ReleaseRecord, Rollout, Target } from './target.ts';
import { findRelease, refuse, type Transition } from './transition.ts';

/**
 * What serves by a person's word about a way back that was cut: what it led to, when it happened; what it led away from, when
 * it did not. Null: no release is known by that.
 */
export function servingByWord(
  { lane, seizure, current }: Target,
  word: Exclude<Resolution, 'try_again'>,
): string | null {
  return word === 'happened' ? (seizure?.to ?? lane?.previous ?? current) : (seizure?.from ?? lane?.release ?? current);
}

/** The world carries the epoch and serves what the word says: that is `current`, and the lane is free. */
export function resolveByWord(target: Target, made: { epoch: number; serving: string }, now: Date): Transition {
  if (target.blocked === null) return refuse('not_blocked');
  if (target.epoch !== made.epoch) return refuse('epoch_moved');
  const history = withServing(target, made.serving, now);
  if (history === null) return refuse('release_unknown');
  return wakeNext({ ...target, ...history, blocked: null, lane: null, seizure: null });
}

// A rollout that was on its way out and stays is recorded with the health that it has.
function withServing(target: Target, serving: string, now: Date): Pick<Target, 'current' | 'history'> | null {
  if (findRelease(target, serving) !== null) return { current: serving, history: target.history };
  const unfinished = [target.lane, target.seizure?.ousted].find((one) => one?.release === serving);
  if (!unfinished) return null;
  return { current: serving, history: [...target.history, badRecord(unfinished, now)] };
}

function badRecord(rollout: Rollout, now: Date): ReleaseRecord {
  const { runId, generation, sequence, version, commit, manifest, byPerson, epoch, release } = rollout;
  const identity = { runId, generation, sequence, version, commit, manifest, byPerson, epoch, release };
  return { ...identity, health: 'bad', checks: [], releasedAt: now.toISOString() };
}

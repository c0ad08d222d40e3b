import type { ReleaseRecord, Rollout, Target, Waiter } from './target.ts';

/** Who moves: a rollout is one run in one generation. */
export interface Mover {
  runId: string;
  generation: number;
}

/** A parked job of deploy that a transition makes ready, and what it is told. */
export interface Wake {
  jobId: string;
  memo: { kind: 'take' } | { kind: 'superseded' };
}

/** Why a transition does not hold. The one who asked decides again on the target as it is now. */
export type TargetRefusal =
  | 'already_released'
  | 'blocked'
  | 'epoch_moved'
  | 'lane_lost'
  | 'not_blocked'
  | 'not_current'
  | 'not_watched'
  | 'older_than_current'
  | 'release_unknown'
  | 'seizure_lost'
  | 'state_moved';

export interface Refused {
  kind: 'refused';
  reason: TargetRefusal;
}

export interface Moved {
  kind: 'moved';
  target: Target;
  wake: readonly Wake[];
}

/** The next document and whom it wakes, or why not. */
export type Transition = Moved | Refused;

export function refuse(reason: TargetRefusal): Refused {
  return { kind: 'refused', reason };
}

export function move(target: Target, wake: readonly Wake[] = []): Moved {
  return { kind: 'moved', target: { ...target, pins: pinsOf(target) }, wake };
}

/** Order at a target: the sequence of the run, then its generation. Negative: `left` is older. */
export function compareAge(
  left: Pick<Waiter, 'sequence' | 'generation'>,
  right: Pick<Waiter, 'sequence' | 'generation'>,
): number {
  return left.sequence - right.sequence || left.generation - right.generation;
}

/** The record of what serves, or null before the first release. */
export function findCurrent(target: Target): ReleaseRecord | null {
  return target.current === null ? null : findRelease(target, target.current);
}

/** The record of a release that served, or null: it never did, or is too old to be kept. */
export function findRelease(target: Target, release: string): ReleaseRecord | null {
  return target.history.find((record) => record.release === release) ?? null;
}

/** The rollout of a mover, while it owns the lane. */
export function ownedLane(target: Target, mover: Mover): Rollout | null {
  const { lane } = target;
  return lane !== null && lane.runId === mover.runId && lane.generation === mover.generation ? lane : null;
}

function pinsOf({ lane, seizure, waiters, history }: Target): string[] {
  const named = [lane, seizure, seizure?.ousted ?? null, ...waiters, ...history];
  return [...new Set(named.flatMap((one) => (one === null ? [] : [one.runId])))];
}

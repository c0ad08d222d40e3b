import { wakeNext } from './take-lane.ts';
import type { Seizure, Target } from './target.ts';
import { findCurrent, findRelease, move, refuse, type Moved, type Refused, type Transition } from './transition.ts';

// A day's budget and any cool-down look back less far than this many rollbacks.
const keptRollbacks = 50;

/** A rollback takes the target away from whoever has it. */
export interface SeizureRequest {
  /** The event behind the rollback: the same cause resumes. */
  cause: string;
  runId: string;
  jobId: string;
  from: string;
  to: string;
  reason: string;
  byPerson: boolean;
}

/** `joined`: another cause is already taking the same release back. */
export type SeizureAnswer = (Moved & { turn: 'seized' | 'resumed' }) | { kind: 'joined'; seizure: Seizure } | Refused;

/**
 * Takes epoch and owner in one step; it waits for nobody. Quarantine goes with it, in the same write.
 * What it was decided on is held by the version of the document that the write names.
 */
export function seizeTarget(target: Target, request: SeizureRequest, now: Date): SeizureAnswer {
  const { seizure } = target;
  if (seizure?.cause === request.cause) return { ...move(target), turn: 'resumed' };
  if (seizure !== null && joins(request, seizure, target)) return { kind: 'joined', seizure };
  if (findRelease(target, request.to) === null) return refuse('release_unknown');
  const refusal = request.byPerson ? null : refusalOf(target, request);
  if (refusal !== null) return refuse(refusal);

  const epoch = target.epoch + 1;
  const seized: Seizure = { ...request, epoch, at: now.toISOString(), ousted: oustedBy(target) };
  return { ...move({ ...target, epoch, lane: null, seizure: seized }), turn: 'seized' };
}

// A person overrides what a machine began; what people have ordered already is only said again.
function joins({ from, to, byPerson }: SeizureRequest, seizure: Seizure, { blocked }: Target): boolean {
  if (seizure.from !== from) return false;
  return !byPerson || (seizure.byPerson && seizure.to === to && blocked === null);
}

// A person may go back from anywhere to anything, and out of a blocked target; nothing else may.
function refusalOf(target: Target, { from }: SeizureRequest): 'blocked' | 'not_current' | null {
  if (target.blocked !== null) return 'blocked';
  return takesPart(target, from) ? null : 'not_current';
}

function takesPart({ current, lane, seizure }: Target, release: string): boolean {
  return [current, lane?.release, seizure?.from].includes(release);
}

function oustedBy({ lane, seizure }: Target): Seizure['ousted'] {
  return lane ?? seizure?.ousted ?? null;
}

/** The world is back: what was restored is current, what was taken back is known as bad, and the lane is free. */
export function restoreTarget(target: Target, made: { cause: string; epoch: number }, now: Date): Transition {
  const { seizure } = target;
  if (seizure === null || seizure.cause !== made.cause) return refuse('seizure_lost');
  if (seizure.epoch !== made.epoch || target.epoch !== made.epoch) return refuse('epoch_moved');
  const { from, to, cause, byPerson, ousted } = seizure;
  const at = now.toISOString();
  const rolledBack = { from, to, cause, byPerson, at, ousted: ousted === null ? null : ownerOf(ousted) };
  const history = target.history.map((record) =>
    record.release === from ? { ...record, health: 'bad' as const } : record,
  );
  const rollbacks = [...target.rollbacks, rolledBack].slice(-keptRollbacks);
  return wakeNext({ ...target, seizure: null, blocked: null, current: to, history, rollbacks });
}

/** A way back could not be done: nobody moves this target until a person has looked. */
export function blockTarget(target: Target, blocked: { reason: string; runId: string }, now: Date): Transition {
  if (target.blocked !== null) return move(target);
  return move({ ...target, blocked: { ...blocked, at: now.toISOString() } });
}

/** A person resolves a blocked target: the epoch for looking at the world and writing it there. */
export function beginResolve(target: Target): Transition {
  if (target.blocked === null) return refuse('not_blocked');
  return move({ ...target, epoch: target.epoch + 1 });
}

/** The world has been read and carries the epoch: what serves there is what serves, and the lane is free. */
export function finishResolve(target: Target, made: { epoch: number; serving: string | null }): Transition {
  if (target.blocked === null) return refuse('not_blocked');
  if (target.epoch !== made.epoch) return refuse('epoch_moved');
  const known = made.serving !== null && findRelease(target, made.serving) !== null;
  const current = known ? made.serving : (findCurrent(target)?.release ?? null);
  return wakeNext({ ...target, blocked: null, lane: null, seizure: null, current });
}

function ownerOf({ runId, generation, sequence, epoch }: NonNullable<Seizure['ousted']>) {
  return { runId, generation, sequence, epoch };
}

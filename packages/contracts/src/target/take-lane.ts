import type { Manifest, Rollout, Target, Waiter } from './target.ts';
import {
  compareAge,
  findCurrent,
  move,
  ownedLane,
  refuse,
  type Moved,
  type Mover,
  type Refused,
  type Wake,
} from './transition.ts';

/** A rollout that asks for the lane. `version` is the digest of what it brings. */
export interface LaneRequest extends Mover {
  sequence: number;
  /** The job that waits, woken when it is its turn. */
  jobId: string;
  version: string;
  commit: string;
  manifest: Manifest;
  strategy: Rollout['strategy'];
  /** Shares of the traffic, one a step, for a target where something serves; the first release comes in one step. */
  weights: readonly number[];
  /** A person asked for it, so it may go against the order of the runs. */
  byPerson: boolean;
  /** So many waiters in a row are pushed out by newer ones; then one is protected. */
  maxSupersedes: number;
}

export type LaneAnswer = (Moved & { turn: 'taken' | 'waiting' }) | Refused;

/** Takes the lane, or a place among those who wait. The owner that asks again is answered as before. */
export function takeLane(target: Target, request: LaneRequest, now: Date): LaneAnswer {
  const lane = ownedLane(target, request);
  if (lane !== null) return { ...move(target), turn: 'taken' };
  const current = findCurrent(target);
  if (current !== null && isSame(current, request)) return refuse('already_released');
  if (current !== null && !request.byPerson && compareAge(request, current) < 0) return refuse('older_than_current');
  if (!isFree(target) || othersComeFirst(target, request)) return { ...wait(target, request, now), turn: 'waiting' };
  return { ...take(target, request, now), turn: 'taken' };
}

/** Ends a wait without taking the lane. Who was woken for it is followed by the next, in the same step. */
export function leaveLane(target: Target, mover: Mover): Moved {
  return wakeNext({ ...target, waiters: target.waiters.filter((waiter) => !isSame(waiter, mover)) });
}

/** Wakes the one whose turn it is, and those who have none left, if the lane is free. */
export function wakeNext(target: Target): Moved {
  if (!isFree(target)) return move(target);
  const current = findCurrent(target);
  const late = target.waiters.filter((waiter) => isTooLate(waiter, current));
  const waiters = target.waiters.filter((waiter) => !late.includes(waiter));
  const ended = late.map(({ jobId }): Wake => ({ jobId, memo: { kind: 'superseded' } }));
  const next = firstOf(waiters);
  if (next === null) return move({ ...target, waiters }, ended);

  const marked = waiters.map((waiter) => (waiter === next ? { ...waiter, woken: true } : waiter));
  return move({ ...target, waiters: marked }, [...ended, { jobId: next.jobId, memo: { kind: 'take' } }]);
}

function isTooLate(waiter: Waiter, current: Pick<Waiter, 'sequence' | 'generation'> | null): boolean {
  return current !== null && !waiter.byPerson && compareAge(waiter, current) <= 0;
}

// A protected one comes before the newest; among several, the one that has waited longest.
function firstOf(waiters: readonly Waiter[]): Waiter | null {
  const shielded = waiters.find((waiter) => waiter.protected);
  return shielded ?? waiters.toSorted(compareAge).at(-1) ?? null;
}

function isFree({ lane, seizure, blocked }: Target): boolean {
  return lane === null && seizure === null && blocked === null;
}

function isSame(left: Mover, right: Mover): boolean {
  return left.runId === right.runId && left.generation === right.generation;
}

// Whoever comes by while another was woken takes the free lane only if it would have been chosen itself.
function othersComeFirst(target: Target, request: LaneRequest): boolean {
  const others = target.waiters.filter((waiter) => !isSame(waiter, request));
  const self = target.waiters.find((waiter) => isSame(waiter, request));
  if (self?.protected === true) return others.some((waiter) => waiter.protected && waiter.woken);
  return others.some((waiter) => waiter.woken && (waiter.protected || compareAge(waiter, request) > 0));
}

function wait(target: Target, request: LaneRequest, now: Date): Moved {
  const { runId, generation, sequence, jobId, byPerson } = request;
  const known = target.waiters.find((waiter) => isSame(waiter, request));
  if (known !== undefined) {
    const waiters = target.waiters.map((waiter) => (waiter === known ? { ...waiter, jobId, woken: false } : waiter));
    return move({ ...target, waiters });
  }
  const since = now.toISOString();
  const waiter = { runId, generation, sequence, jobId, since, woken: false, protected: false, byPerson };
  return move({ ...target, waiters: [...target.waiters, waiter] });
}

function take(target: Target, request: LaneRequest, now: Date): Moved {
  const { jobId: _jobId, maxSupersedes: _maxSupersedes, ...rollout } = request;
  const epoch = target.epoch + 1;
  const lane: Rollout = {
    ...rollout,
    weights: target.current === null ? [100] : [...request.weights],
    release: `r${target.nextRelease}`,
    state: 'taken',
    step: 0,
    epoch,
    previous: target.current,
    takenAt: now.toISOString(),
  };
  const { waiters, ended, supersedesInARow } = pushOut(target, request);
  return move({ ...target, epoch, lane, nextRelease: target.nextRelease + 1, waiters, supersedesInARow }, ended);
}

// Older ones end here, when the newer one really has the lane: had they ended at its wake-up, a newer one that then
// leaves would have pushed them out for nothing.
function pushOut(target: Target, request: LaneRequest) {
  const others = target.waiters.filter((waiter) => !isSame(waiter, request));
  const older = others.filter((waiter) => compareAge(waiter, request) < 0 && !waiter.protected && !waiter.byPerson);
  const wasProtected = target.waiters.some((waiter) => isSame(waiter, request) && waiter.protected);
  const before = wasProtected ? 0 : target.supersedesInARow;
  const spared = before + older.length > request.maxSupersedes ? older.toSorted(compareAge).at(-1) : undefined;
  const gone = older.filter((waiter) => waiter !== spared);
  const waiters = others
    .filter((waiter) => !gone.includes(waiter))
    .map((waiter) => (waiter === spared ? { ...waiter, protected: true } : waiter));
  const ended = gone.map(({ jobId }): Wake => ({ jobId, memo: { kind: 'superseded' } }));
  return { waiters, ended, supersedesInARow: spared === undefined ? before + gone.length : 0 };
}

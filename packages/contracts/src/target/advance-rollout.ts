import type { Check } from '../events.generated.ts';
import { wakeNext } from './take-lane.ts';
import type { ReleaseHealth, ReleaseRecord, Rollout, Target } from './target.ts';
import { findCurrent, findRelease, move, ownedLane, refuse, type Mover, type Transition } from './transition.ts';

/** Releases that a target remembers: how far back a rollback can reach. */
export const keptReleases = 10;

/** A mover and the epoch of the move it made: refused once the target has moved on. */
export interface Made extends Mover {
  epoch: number;
}

/** Takes the next epoch for a step. The step before has been judged, or this one is done again. */
export function beginStep(target: Target, request: Mover & { step: number }): Transition {
  const lane = ownedLane(target, request);
  if (lane === null) return refuse('lane_lost');
  const { step } = request;
  const follows = (lane.state === 'taken' && step === 1) || (lane.state === 'judging' && step <= lane.step + 1);
  const repeats = lane.state === 'stepping' && step === lane.step;
  if (step < 1 || step > lane.weights.length || !(follows || repeats)) return refuse('state_moved');
  return nextMove(target, { ...lane, state: 'stepping', step });
}

/** The effect of a step is in the world: from here on it is judged. */
export function finishStep(target: Target, made: Made & { step: number }): Transition {
  const lane = lastMove(target, made);
  if (typeof lane === 'string') return refuse(lane);
  if (lane.state === 'judging' && lane.step === made.step) return move(target);
  if (lane.state !== 'stepping' || lane.step !== made.step) return refuse('state_moved');
  return move({ ...target, lane: { ...lane, state: 'judging' } });
}

/** The last step was healthy: the release serves, the lane is free, and the watch goes on without it. */
export function finishRollout(target: Target, made: Made & { checks: readonly Check[] }, now: Date): Transition {
  const lane = lastMove(target, made);
  if (typeof lane === 'string') return refuse(lane);
  if (lane.state !== 'judging' || lane.step !== lane.weights.length) return refuse('state_moved');
  const record = recordOf({ lane, health: 'watching', checks: made.checks, now });
  // What served until now passed all its steps and raised no alert: it is good enough to go back to.
  const history = target.history.map((one) =>
    one.release === target.current && one.health === 'watching' ? { ...one, health: 'healthy' as const } : one,
  );
  return wakeNext({ ...serve(target, record, history), lane: null, supersedesInARow: 0 });
}

/** The rollout failed by itself. It keeps the lane: only what takes the canary out of traffic may free it. */
export function failRollout(target: Target, mover: Mover): Transition {
  const lane = ownedLane(target, mover);
  if (lane === null) return refuse('lane_lost');
  return move({ ...target, lane: { ...lane, state: 'failing' } });
}

/** Takes the next epoch to give the traffic back to what served before. */
export function beginReturn(target: Target, mover: Mover): Transition {
  const lane = ownedLane(target, mover);
  if (lane === null) return refuse('lane_lost');
  return nextMove(target, { ...lane, state: 'returning' });
}

/** Traffic is where it was before the rollout: the lane is free. */
export function finishReturn(target: Target, made: Made): Transition {
  const lane = lastMove(target, made);
  if (typeof lane === 'string') return refuse(lane);
  if (lane.state !== 'returning') return refuse('state_moved');
  return wakeNext({ ...target, lane: null });
}

/** There is nothing to go back to: the release goes on serving, as `current` with the health that it has. */
export function degradeTarget(
  target: Target,
  made: Made & { health: ReleaseHealth; checks: readonly Check[] },
  now: Date,
): Transition {
  const lane = lastMove(target, made);
  if (typeof lane === 'string') return refuse(lane);
  if (lane.state !== 'returning') return refuse('state_moved');
  const record = recordOf({ lane, health: made.health, checks: made.checks, now });
  return wakeNext({ ...serve(target, record, target.history), lane: null });
}

/** The watch of a release has a word about it. Late words about what no longer serves are kept too: they bar a way back. */
export function judgeRelease(
  target: Target,
  judged: { release: string; health: ReleaseHealth; checks: readonly Check[] },
): Transition {
  if (findRelease(target, judged.release) === null) return refuse('release_unknown');
  const history = target.history.map((record) =>
    record.release === judged.release
      ? { ...record, health: judged.health, checks: judged.checks.length > 0 ? [...judged.checks] : record.checks }
      : record,
  );
  return move({ ...target, history });
}

/**
 * The newest release before the given one that is good enough to serve again, or null. One that was seen to be healthy comes
 * first; where there is none, one that nobody was to watch: with watching switched off nothing else could ever be restored.
 * What `isAllowed` refuses is passed over, except what serves beside an unfinished rollout.
 */
export function healthyBefore(
  target: Target,
  name: string,
  isAllowed: (record: ReleaseRecord) => boolean = () => true,
): ReleaseRecord | null {
  const at = target.history.findIndex((record) => record.release === name);
  // An unfinished rollout has no record yet: what serves beside it is what it goes back to, if it is not known as bad.
  const serving = findCurrent(target);
  if (at === -1 && serving !== null && serving.health !== 'bad') return serving;
  const earlier = at === -1 ? target.history : target.history.slice(0, at);
  const newest = (health: ReleaseHealth) =>
    earlier.findLast((record) => record.health === health && isAllowed(record)) ?? null;
  return newest('healthy') ?? newest('unwatched');
}

function nextMove(target: Target, lane: Rollout): Transition {
  const epoch = target.epoch + 1;
  return move({ ...target, epoch, lane: { ...lane, epoch } });
}

function lastMove(target: Target, made: Made): Rollout | 'lane_lost' | 'epoch_moved' {
  const lane = ownedLane(target, made);
  if (lane === null) return 'lane_lost';
  return lane.epoch === made.epoch && target.epoch === made.epoch ? lane : 'epoch_moved';
}

interface Recorded {
  lane: Rollout;
  health: ReleaseHealth;
  checks: readonly Check[];
  now: Date;
}

function recordOf({ lane, health, checks, now }: Recorded): ReleaseRecord {
  const { runId, generation, sequence, version, commit, manifest, byPerson, epoch } = lane;
  const identity = { runId, generation, sequence, version, commit, manifest, byPerson, epoch };
  return { ...identity, release: lane.release, health, checks: [...checks], releasedAt: now.toISOString() };
}

function serve(target: Target, record: ReleaseRecord, history: readonly ReleaseRecord[]): Target {
  return { ...target, current: record.release, history: [...history, record].slice(-keptReleases) };
}

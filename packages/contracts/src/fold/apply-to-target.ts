import type { ReleaseRecord, Rollout, Target } from '../target/target.ts';
import { findRelease } from '../target/transition.ts';
import type { Received } from '../topics.ts';
import type { FoldedIdentity } from './folded-run.ts';
import type { PlannedRelease } from './planned-release.ts';

type Triggered = Received<'deployment_triggered'>;

interface Brought {
  identity: Pick<FoldedIdentity, 'sequence' | 'commit'>;
  release: PlannedRelease | null;
}

/** What a move of a rollout makes of its target. */
export function applyTriggered(target: Target, event: Triggered, brought: Brought): Target {
  const { release: name, epoch, phase, reason } = event.data;
  const moved = { ...target, epoch: Math.max(target.epoch, epoch), nextRelease: nextAfter(target, name) };
  if (name === null) return moved;
  if (phase === 'STEP') return { ...moved, lane: laneOf(moved, event, brought) };
  if (phase === 'RELEASED') return serve(moved, recordOf(event, brought, 'watching'));
  if (phase === 'ABORTED') return freed(moved, name);
  if (reason === 'rollback_refused') return degrade(moved, event, brought);
  const lane = moved.lane ?? laneOf(moved, event, brought);
  return { ...moved, lane: lane === null ? null : { ...lane, state: 'failing' } };
}

/** What the last word about a release makes of its target. */
export function applyHealth(target: Target, { data }: Received<'deployment_health'>): Target {
  const { final, release, verdict, outcome, reason, checks } = data;
  if (!final || release === null) return target;
  if (verdict === 'HEALTHY') return judged(target, release, { health: 'healthy', checks: [...checks] });
  if (reason === 'not_watched') return judged(target, release, { health: 'unwatched' });
  return outcome === 'ERROR' ? judged(target, release, { health: 'unknown' }) : target;
}

/** What a rollback makes of its target. A refusal changes nothing; one that could not be done leaves it to a person. */
export function applyRollback(target: Target, event: Received<'rollback_event'>): Target {
  const { outcome, fromRelease: from, toRelease: to, epoch, reason } = event.data;
  const moved = { ...target, epoch: Math.max(target.epoch, epoch) };
  if (from === null || outcome === 'SKIPPED' || reason === 'overtaken') return moved;
  const at = event.time.toISOString();
  if (outcome !== 'SUCCESS' || to === null) return { ...moved, blocked: { reason, runId: event.runId, at } };
  const { lane } = moved;
  const ousted = lane === null ? null : ownerOf(lane);
  const rollback = { from, to, cause: event.causeId ?? event.id, at, byPerson: reason === 'ordered', ousted };
  const current = findRelease(moved, to) === null ? moved.current : to;
  const rollbacks = [...moved.rollbacks, rollback];
  return judged({ ...moved, lane: null, blocked: null, current, rollbacks }, from, { health: 'bad' });
}

function ownerOf({ runId, generation, sequence, epoch }: Rollout): {
  runId: string;
  generation: number;
  sequence: number;
  epoch: number;
} {
  return { runId, generation, sequence, epoch };
}

function laneOf(target: Target, event: Triggered, { identity, release }: Brought): Rollout | null {
  const { data, runId, generation, time } = event;
  if (data.release === null || release === null) return null;
  const { sequence, commit } = identity;
  return {
    runId,
    generation,
    sequence,
    release: data.release,
    commit,
    ...broughtBy(data, release),
    state: 'judging',
    strategy: release.strategy,
    weights: target.current === null ? [100] : [...release.weights],
    step: data.step,
    epoch: data.epoch,
    previous: data.previousRelease,
    byPerson: false,
    takenAt: target.lane?.release === data.release ? target.lane.takenAt : time.toISOString(),
  };
}

function recordOf(
  { data, runId, generation, time }: Triggered,
  { identity, release }: Brought,
  health: ReleaseRecord['health'],
): ReleaseRecord | null {
  if (data.release === null || release === null) return null;
  const { sequence, commit } = identity;
  const { release: name, epoch } = data;
  const made = { runId, generation, sequence, release: name, commit, epoch, ...broughtBy(data, release) };
  return { ...made, health, checks: [], releasedAt: time.toISOString(), byPerson: false };
}

// What was rendered is no longer known from the plan, and the name of the version was made of it: the event tells both.
function broughtBy(
  { version, objects }: Triggered['data'],
  planned: PlannedRelease,
): Pick<ReleaseRecord, 'version' | 'manifest'> {
  const { container } = planned.manifest;
  const told = { version: version ?? planned.version, manifest: planned.manifest };
  if (objects === null || container?.objects === undefined) return told;
  const { digest, rendered, replicas } = objects;
  const restored = { ...container, objects: { ...container.objects, digest, rendered } };
  return { ...told, manifest: { ...planned.manifest, replicas, container: restored } };
}

// What served until now passed all its steps and raised no alert: it is good enough to go back to.
function serve(target: Target, record: ReleaseRecord | null): Target {
  if (record === null) return { ...target, lane: null, current: null };
  const history = target.history.map((one) =>
    one.release === target.current && one.health === 'watching' ? { ...one, health: 'healthy' as const } : one,
  );
  return { ...target, lane: null, blocked: null, current: record.release, history: [...history, record] };
}

// A first release that is bad serves on: there is nothing to go back to.
function degrade(target: Target, event: Triggered, brought: Brought): Target {
  const name = event.data.release ?? '';
  if (findRelease(target, name) !== null) return judged(freed(target, name), name, { health: 'bad' });
  const record = target.current === null ? recordOf(event, brought, 'bad') : null;
  return record === null ? freed(target, name) : serve(target, record);
}

function freed(target: Target, release: string): Target {
  return target.lane?.release === release ? { ...target, lane: null } : target;
}

function judged(
  target: Target,
  release: string,
  word: Pick<ReleaseRecord, 'health'> & Partial<Pick<ReleaseRecord, 'checks'>>,
): Target {
  const history = target.history.map((one) => (one.release === release ? { ...one, ...word } : one));
  return { ...target, history };
}

function nextAfter(target: Target, release: string | null): number {
  const number = Number(/^r(\d+)$/.exec(release ?? '')?.[1] ?? '0');
  return Math.max(target.nextRelease, number + 1);
}

import { fromOutcome, type Status } from '../run-state/status.ts';
import type { Received, Topic } from '../topics.ts';
import { releaseKey } from './find-restored.ts';
import type { FoldedUnit } from './folded-run.ts';
import { isOf } from './is-of.ts';

type Triggered = Received<'deployment_triggered'>;

interface Rollout {
  /** Of one unit and generation, in their order. */
  moves: readonly Triggered[];
  /** All events of the run. */
  own: readonly Received<Topic>[];
  /** The releases that any run took back. */
  restored: ReadonlySet<string>;
}

/**
 * Where a rollout stands. It publishes its moves; how a released or failed one ends is what deploy makes of what others say
 * of it: the last word of the watch, and what rollback did or refused (protocol section 5, the table of a rollout).
 */
export function foldRollout(rollout: Rollout): FoldedUnit | null {
  const { moves } = rollout;
  const ended = moves.find(({ data }) => data.phase === 'ABORTED' || isDegraded(data));
  if (ended !== undefined) return endedBy(ended);
  const failed = moves.find(({ data }) => data.phase === 'FAILED');
  if (failed !== undefined) return wayOutOf(failed, rollout) ?? standsBy(failed, 'failing');
  const released = moves.find(({ data }) => data.phase === 'RELEASED');
  if (released !== undefined) return watchEndOf(released, rollout) ?? standsBy(released, 'watching');
  const last = moves.findLast(({ data }) => data.phase === 'STEP');
  return last === undefined ? null : standsBy(last, 'judging');
}

// Deploy tells people that a release is unhealthy and stays: the only failure behind which it waits for nobody.
function isDegraded({ phase, reason }: Triggered['data']): boolean {
  return phase === 'FAILED' && reason === 'rollback_refused';
}

function endedBy(event: Triggered): FoldedUnit {
  const { outcome, reason } = event.data;
  const degraded = isDegraded(event.data);
  return saidBy(event, {
    status: outcome === null ? 'error' : fromOutcome(outcome),
    reason: degraded ? 'degraded' : reason,
    derived: false,
  });
}

function standsBy(event: Triggered, reason: string): FoldedUnit {
  return saidBy(event, { status: 'running', reason, derived: false });
}

function wayOutOf(failed: Triggered, { own, restored }: Rollout): FoldedUnit | null {
  const word = rollbackWords(failed, own)[0];
  if (word === undefined) {
    const isTaken = restored.has(releaseKey(own, failed.data, failed.data.release));
    return isTaken ? saidBy(failed, { status: 'failure', reason: 'rolled_back', derived: true }) : null;
  }
  // A refusal is carried out by deploy, which then says so itself.
  return word.data.outcome === 'SKIPPED' ? null : byRollback(word, failed);
}

function watchEndOf(released: Triggered, { own }: Rollout): FoldedUnit | null {
  const { environment, service, release } = released.data;
  const healths = own
    .filter((event) => isOf(event, 'deployment_health'))
    .filter(({ data }) => data.final && data.release === release && isAt(data, { environment, service }))
    // That it serves no longer is told by the rollback which took it.
    .filter(({ data }) => data.reason !== 'no_longer_serves');
  const [first] = [...healths, ...rollbackWords(released, own)].toSorted(
    (left, right) => left.time.getTime() - right.time.getTime(),
  );
  if (first === undefined) return null;
  return isOf(first, 'rollback_event') ? byRollback(first, released) : byHealth(first, released);
}

function byHealth(health: Received<Topic>, { generation }: Triggered): FoldedUnit | null {
  if (!isOf(health, 'deployment_health') || health.data.verdict === 'UNRECOGNIZED') return null;
  const { verdict, reason } = health.data;
  const known = reason === null ? undefined : watched[reason];
  const word = known ?? (verdict === 'HEALTHY' ? 'watched' : 'released_unjudged');
  return { ...saidBy(health, { status: 'success', reason: word, derived: true }), generation };
}

const watched: Readonly<Record<string, string>> = { replaced: 'replaced', not_watched: 'unwatched' };

function byRollback(word: Received<'rollback_event'>, { generation }: Triggered): FoldedUnit {
  const { outcome } = word.data;
  const said = outcome === 'SUCCESS' ? rolledBack : outcome === 'SKIPPED' ? degraded : blocked;
  return { ...saidBy(word, { ...said, derived: true }), generation };
}

const rolledBack = { status: 'failure', reason: 'rolled_back' } as const;
const degraded = { status: 'failure', reason: 'degraded' } as const;
const blocked = { status: 'unknown', reason: 'target_blocked' } as const;

// Another rollback that has overtaken this one says how it ended, and a person who asked in vain has changed nothing.
function rollbackWords(move: Triggered, own: readonly Received<Topic>[]): Received<'rollback_event'>[] {
  const { release } = move.data;
  if (release === null) return [];
  const orders = new Set(own.filter(({ topic }) => topic === 'operator_command').map(({ id }) => id));
  return own
    .filter((event) => isOf(event, 'rollback_event'))
    .filter(({ data, causeId }) => data.outcome !== 'SKIPPED' || !orders.has(causeId ?? ''))
    .filter(({ data }) => data.fromRelease === release && data.reason !== 'overtaken' && isAt(data, move.data));
}

interface Place {
  environment: string;
  service: string;
}

function isAt(data: Place, { environment, service }: Place): boolean {
  return data.environment === environment && data.service === service;
}

function saidBy(
  { id: eventId, generation, time }: Received<Topic>,
  said: { status: Status; reason: string | null; derived: boolean },
): FoldedUnit {
  return { ...said, generation, eventId, at: time.toISOString() };
}

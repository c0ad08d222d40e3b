import { createTarget, targetKey, type Target } from '../target/target.ts';
import { findCurrent, findRelease, move } from '../target/transition.ts';
import type { Received, Topic } from '../topics.ts';
import { applyHealth, applyRollback, applyTriggered } from './apply-to-target.ts';
import type { FoldedIdentity } from './folded-run.ts';
import { isOf } from './is-of.ts';
import type { PlannedRelease } from './planned-release.ts';

export interface TargetFacts {
  /** Of all runs. */
  events: readonly Received<Topic>[];
  /** Null: the run's push is not among the events any more. */
  identityOf(runId: string): Pick<FoldedIdentity, 'repository' | 'sequence' | 'commit'> | null;
  /** Null: it cannot be told, so the release cannot be brought back. */
  releaseOf(runId: string, place: { environment: string; service: string }): PlannedRelease | null;
}

/** What is in the world at a target: the newest epoch that it has seen, and the release with the most of the traffic. */
export interface SeenTarget {
  epoch: number;
  serving: string | null;
}

/**
 * Folds what deploy, observability and rollback have told into the documents of the targets. Who waited for a lane is not
 * among the events and asks again. Pure; the same events give the same documents.
 */
export function foldTargets(facts: TargetFacts): Target[] {
  const targets = new Map<string, Target>();
  const known = new Set<string>();
  for (const event of facts.events.toSorted((left, right) => left.time.getTime() - right.time.getTime())) {
    const moved = known.has(event.id) ? null : foldOne(event, targets, facts);
    known.add(event.id);
    if (moved !== null) targets.set(targetKey(moved), moved);
  }
  return [...targets.values()].map((target) => move(target).target);
}

function foldOne(event: Received<Topic>, targets: ReadonlyMap<string, Target>, facts: TargetFacts): Target | null {
  if (!moves(event)) return null;
  const { environment, service } = event.data;
  const identity = facts.identityOf(event.runId);
  if (identity === null) return null;
  const name = { repository: identity.repository, environment, service };
  const target = targets.get(targetKey(name)) ?? createTarget(name);
  if (isOf(event, 'rollback_event')) return applyRollback(target, event);
  if (isOf(event, 'deployment_health')) return applyHealth(target, event);
  if (!isOf(event, 'deployment_triggered')) return null;
  const release = facts.releaseOf(event.runId, { environment, service });
  return applyTriggered(target, event, { identity, release });
}

type Moving = Received<'deployment_triggered' | 'deployment_health' | 'rollback_event'>;

function moves(event: Received<Topic>): event is Moving {
  return isOf(event, 'deployment_triggered') || isOf(event, 'deployment_health') || isOf(event, 'rollback_event');
}

/**
 * Brings a folded target in line with the world: no move of ours may carry an epoch that the world refuses, and what serves
 * there is what serves. A release that nobody knows leaves the target blocked, for a person to look at.
 */
export function reconcileTarget(target: Target, seen: SeenTarget | null, now: Date): Target {
  if (seen === null) return target;
  const epoch = Math.max(target.epoch, seen.epoch);
  const { serving } = seen;
  const isKnown = serving === null || serving === target.lane?.release || findRelease(target, serving) !== null;
  if (!isKnown) return move({ ...target, epoch, blocked: blockedBy(target, now) }).target;
  const current = serving === null || serving === target.lane?.release ? currentOf(target) : serving;
  return move({ ...target, epoch, current }).target;
}

function currentOf(target: Target): string | null {
  return findCurrent(target)?.release ?? null;
}

function blockedBy({ lane, history }: Target, now: Date): NonNullable<Target['blocked']> {
  const runId = lane?.runId ?? history.at(-1)?.runId ?? '';
  return { reason: 'unknown_release_serves', runId, at: now.toISOString() };
}

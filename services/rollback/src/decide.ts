import type { Attribution, ClosedWayBack, RollbackPlan } from '@orchestra/contracts';

/** Who asks for a way back from a release. */
export interface Request {
  release: string;
  /** The event behind it: the same cause resumes its own rollback. */
  cause: string;
  /** When it was said, milliseconds since 1970. */
  raisedAt: number;
  by:
    | { kind: 'person'; to: string | null }
    | { kind: 'failed_rollout' }
    | { kind: 'alert'; attribution: Attribution }
    /** Another member of its release group goes back. */
    | { kind: 'group' };
}

export interface Facts {
  /** Milliseconds since 1970. */
  now: number;
  /** What serves; null: nothing was released yet. */
  current: string | null;
  /** The rollout that is not finished; null: none. */
  unfinished: string | null;
  /** The rollback that has the target; null: none. */
  seizure: { cause: string; from: string; to: string; reason: string } | null;
  blocked: boolean;
  /** Whether a newer rollout, or one that a person sent, is on its way to replace what serves. */
  fixUnderWay: boolean;
  /** When a rollback brought the asked release back for the last time; null: none did. */
  restoredAt: number | null;
  /** Why what came before should not serve again without a person; null: it may. */
  closedWayBack: ClosedWayBack | null;
  /** Whether releases came before the asked one, good or not. */
  hasEarlier: boolean;
  /** The newest release before the asked one that is good enough; null: none. */
  healthyBefore: string | null;
  /** Whether what would be restored runs, or can still be started. */
  restorable: boolean;
  /** Rollbacks of released releases that no person asked for. */
  automatic: readonly { from: string; at: number }[];
}

export type Decision = { kind: 'restore'; to: string; reason: RestoreReason } | { kind: 'refuse'; reason: Refusal };

type RestoreReason = 'ordered' | 'rollout_failed' | 'threshold_breached' | 'group_failed' | 'resumed';

export type Refusal =
  | ClosedWayBack
  | 'blocked'
  | 'budget_spent'
  | 'cooling_down'
  | 'disabled'
  | 'fix_under_way'
  | 'not_attributed'
  | 'not_current'
  | 'not_eligible'
  | 'nothing_healthy_before'
  | 'previous_also_bad'
  | 'stale_alert';

const dayMs = 86_400_000;

/** Whether to go back, and to what. An unfinished rollout is always aborted; settings protect releases, not canaries. */
export function decideRollback(request: Request, facts: Facts, settings: RollbackPlan): Decision {
  const { seizure } = facts;
  // Our own seizure from before a crash: what was decided then is carried out.
  if (seizure?.cause === request.cause) return { kind: 'restore', to: seizure.to, reason: 'resumed' };
  if (request.by.kind === 'person') return decideOrder(request.release, request.by.to, facts);

  const refusal = bar(request, facts);
  if (refusal !== null) return { kind: 'refuse', reason: refusal };
  const to = facts.healthyBefore;
  if (to === null) return { kind: 'refuse', reason: missing(facts) };
  if (!facts.restorable) return { kind: 'refuse', reason: 'not_eligible' };

  const protection = protect(request, facts, settings);
  if (protection !== null) return { kind: 'refuse', reason: protection };
  return { kind: 'restore', to, reason: restoreReasons[request.by.kind] };
}

const restoreReasons = {
  failed_rollout: 'rollout_failed',
  alert: 'threshold_breached',
  group: 'group_failed',
} as const;

// A person may go against budget, cool-down, attribution and a blocked target, but not from what does not serve.
function decideOrder(release: string, asked: string | null, facts: Facts): Decision {
  const { current, unfinished, seizure, healthyBefore, restorable } = facts;
  if (![current, unfinished, seizure?.from].includes(release)) return { kind: 'refuse', reason: 'not_current' };
  const to = asked ?? healthyBefore;
  if (to === null) return { kind: 'refuse', reason: missing(facts) };
  return restorable ? { kind: 'restore', to, reason: 'ordered' } : { kind: 'refuse', reason: 'not_eligible' };
}

/** What makes a request pointless, whatever the settings say. */
function bar(request: Request, facts: Facts): Refusal | null {
  if (!takesPart(request, facts)) return 'not_current';
  if (isStale(request, facts)) return 'stale_alert';
  if (facts.blocked) return 'blocked';
  const { by } = request;
  return by.kind === 'alert' && by.attribution !== 'RELEASE' ? 'not_attributed' : null;
}

// A failed rollout that has lost its lane is somebody else's to bring to an end.
function takesPart({ release, by }: Request, { current, unfinished, seizure }: Facts): boolean {
  const moving = [unfinished, seizure?.from];
  return moving.includes(release) || (by.kind !== 'failed_rollout' && current === release);
}

// It tells of the time before a rollback brought this release back.
function isStale({ by, raisedAt }: Request, { restoredAt }: Facts): boolean {
  return by.kind === 'alert' && restoredAt !== null && raisedAt < restoredAt;
}

function missing({ hasEarlier }: Facts): Refusal {
  return hasEarlier ? 'previous_also_bad' : 'nothing_healthy_before';
}

function protect({ release, by }: Request, facts: Facts, settings: RollbackPlan): Refusal | null {
  const { fixUnderWay, closedWayBack } = facts;
  if (facts.unfinished === release || by.kind === 'failed_rollout') return null;
  // To go back would throw the fix out, and leave people with what the fix was made for.
  if (fixUnderWay) return 'fix_under_way';
  if (!settings.enabled) return 'disabled';
  if (closedWayBack !== null) return closedWayBack;
  // The way back of a group is one event: its members are not counted one by one.
  return by.kind === 'group' ? null : limit(release, facts, settings);
}

function limit(release: string, { now, automatic }: Facts, settings: RollbackPlan): Refusal | null {
  if (automatic.some(({ from }) => from === release)) return 'budget_spent';
  const today = automatic.filter(({ at }) => now - at < dayMs);
  if (today.length >= settings.budgetPerDay) return 'budget_spent';
  return automatic.some(({ at }) => now - at < settings.cooldownMs) ? 'cooling_down' : null;
}

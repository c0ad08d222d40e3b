import type { EnvironmentInfrastructure, Resolution } from '@orchestra/contracts';

/** A run that asks for the infrastructure of an environment. */
export interface Asker {
  runId: string;
  generation: number;
  sequence: number;
  jobId: string;
}

/** Jobs to wake, with what they are told. */
export type Wakes = readonly { jobId: string; memo: { kind: 'superseded' | 'take' } }[];

export type LockAnswer =
  | { kind: 'taken' | 'waiting' | 'blocked'; next: EnvironmentInfrastructure; wake: Wakes }
  | { kind: 'refused'; reason: 'superseded' | 'older_than_applied' };

/**
 * Takes the lock, or the one place of those who wait. The newest run wins: it takes the place of an older one that waits,
 * and has an older holder that has not begun to apply give way.
 */
export function takeLock(state: EnvironmentInfrastructure, asker: Asker, now: Date): LockAnswer {
  const { holder, blocked } = state;
  const refusal = refuse(state, asker);
  if (refusal !== null) return refusal;
  if (holder !== null && isSame(holder, asker)) return { kind: 'taken', next: state, wake: [] };
  return blocked === null && holder === null ? take(state, asker, now) : wait(state, asker, now);
}

function refuse({ holder, waiter, applied }: EnvironmentInfrastructure, asker: Asker): LockAnswer | null {
  if (applied !== null && isNewer(applied, asker)) return { kind: 'refused', reason: 'older_than_applied' };
  const isBehind = [holder, waiter].some((other) => other !== null && isNewer(other, asker));
  return isBehind ? { kind: 'refused', reason: 'superseded' } : null;
}

function take(state: EnvironmentInfrastructure, asker: Asker, now: Date): LockAnswer {
  const held = { ...asker, since: now.toISOString(), isApplying: false };
  return { kind: 'taken', next: { ...state, holder: held, waiter: null }, wake: pushOut(state, asker) };
}

function wait(state: EnvironmentInfrastructure, asker: Asker, now: Date): LockAnswer {
  const { holder, waiter, blocked } = state;
  const since = waiter !== null && isSame(waiter, asker) ? waiter.since : now.toISOString();
  const givesWay = holder === null || holder.isApplying ? [] : [tell(holder, 'superseded')];
  const wake = [...pushOut(state, asker), ...givesWay];
  return { kind: blocked === null ? 'waiting' : 'blocked', next: { ...state, waiter: { ...asker, since } }, wake };
}

function pushOut({ waiter }: EnvironmentInfrastructure, asker: Asker): Wakes {
  return waiter === null || isSame(waiter, asker) ? [] : [tell(waiter, 'superseded')];
}

/** The holder begins to apply: from here on nobody makes it give way. Null: it has to give way, or is no holder. */
export function beginApply(state: EnvironmentInfrastructure, asker: Asker): EnvironmentInfrastructure | null {
  const { holder, waiter } = state;
  if (holder === null || !isSame(holder, asker)) return null;
  if (waiter !== null && isNewer(waiter, asker)) return null;
  return { ...state, holder: { ...holder, isApplying: true }, resolved: null };
}

/** Leaves the lock and the place of those who wait; who waits for the lock is woken. */
export function leaveLock(
  state: EnvironmentInfrastructure,
  asker: Asker,
): { next: EnvironmentInfrastructure; wake: Wakes } {
  const holder = state.holder !== null && isSame(state.holder, asker) ? null : state.holder;
  const waiter = state.waiter !== null && isSame(state.waiter, asker) ? null : state.waiter;
  const wake = holder === null && waiter !== null ? [tell(waiter, 'take')] : [];
  return { next: { ...state, holder, waiter }, wake };
}

/** A person has said what became of a cut apply: work goes on, and the run that was cut is told the word if it is made anew. */
export function unblock(
  state: EnvironmentInfrastructure,
  { resolution, actor }: { resolution: Resolution; actor: string },
): { next: EnvironmentInfrastructure; wake: Wakes } {
  const { blocked, waiter } = state;
  const wake = waiter === null ? [] : [tell(waiter, 'take')];
  if (blocked === null || resolution === 'did_not_happen') {
    return { next: { ...state, blocked: null, resolved: null }, wake };
  }
  const { runId, generation } = blocked;
  const resolved = { runId, afterGeneration: generation, resolution, actor };
  return { next: { ...state, blocked: null, resolved }, wake };
}

type Owner = Pick<Asker, 'runId' | 'generation' | 'sequence'>;
type Named = Pick<Asker, 'runId' | 'generation' | 'jobId'>;

/** Whether it is the same job. A run has one for each unit, and others that destroy what it made. */
export function isSame(one: Named, other: Named): boolean {
  return one.runId === other.runId && one.generation === other.generation && one.jobId === other.jobId;
}

function isNewer(one: Owner, other: Owner): boolean {
  return one.sequence === other.sequence ? one.generation > other.generation : one.sequence > other.sequence;
}

function tell({ jobId }: { jobId: string }, kind: 'superseded' | 'take'): Wakes[number] {
  return { jobId, memo: { kind } };
}

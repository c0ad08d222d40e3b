import type { EnvironmentInfrastructure } from '@orchestra/contracts';

export type LookDecision =
  | { kind: 'look'; reason: 'due' }
  | { kind: 'rest'; reason: 'never_asked' | 'gone' | 'a_run_works' | 'blocked' | 'too_early' };

/**
 * Whether what was applied is compared with the world now. It rests while a run works or waits.
 *
 * @param ageMs since it was applied or last compared
 */
export function decideLook(state: EnvironmentInfrastructure, ageMs: number): LookDecision {
  const { applied, holder, waiter, blocked } = state;
  if (applied === null || applied.driftCheckMs === null) return { kind: 'rest', reason: 'never_asked' };
  if (state.gone) return { kind: 'rest', reason: 'gone' };
  if (holder !== null || waiter !== null) return { kind: 'rest', reason: 'a_run_works' };
  if (blocked !== null) return { kind: 'rest', reason: 'blocked' };
  return ageMs < applied.driftCheckMs ? { kind: 'rest', reason: 'too_early' } : { kind: 'look', reason: 'due' };
}

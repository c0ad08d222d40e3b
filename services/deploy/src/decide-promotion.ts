import { isTerminal, readTargetUnit, type RunState } from '@orchestra/contracts';

export interface PromotionFacts {
  run: Pick<RunState, 'plannedUnits' | 'units' | 'generation'>;
  environment: string;
  /** The generation that the person saw; null: the newest. */
  generation: number | null;
}

export type PromotionDecision =
  | { kind: 'remake'; units: readonly string[] }
  | { kind: 'refuse'; reason: 'not_planned' | 'other_generation' | 'needs_approval' | 'still_open' };

/**
 * Whether what a run has built goes to an environment once more, by a person's word. Nothing is built anew, and what comes
 * before in the order of the environments is asked for its health again, by the gates.
 */
export function decidePromotion({ run, environment, generation }: PromotionFacts): PromotionDecision {
  const units = run.plannedUnits
    .map(({ unit }) => unit)
    .filter((unit) => unit.startsWith('deploy/') && readTargetUnit(unit)?.environment === environment);
  if (units.length === 0) return { kind: 'refuse', reason: 'not_planned' };
  if (generation !== null && generation !== run.generation) return { kind: 'refuse', reason: 'other_generation' };
  const open = units.map((unit) => run.units[unit]).filter((state) => state === undefined || !isTerminal(state.status));
  // Whoever may approve says so by APPROVE, which counts who says it.
  if (open.some((state) => state?.reason === 'approval')) return { kind: 'refuse', reason: 'needs_approval' };
  return open.length > 0 ? { kind: 'refuse', reason: 'still_open' } : { kind: 'remake', units };
}

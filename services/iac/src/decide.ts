import type { InfrastructureSlice } from '@orchestra/contracts';

export interface Facts {
  plan: { toAdd: number; toChange: number; toDestroy: number; destroys: readonly string[] };
}

export type Decision =
  | { kind: 'apply'; reason: 'plan_changes' }
  | { kind: 'pass'; reason: 'no_changes' }
  | { kind: 'refuse'; reason: 'plan_destroys'; message: string };

/** What becomes of a plan. One that destroys needs a person; until people can approve it, it is refused. */
export function decideApply({ plan }: Facts): Decision {
  const { toAdd, toChange, toDestroy, destroys } = plan;
  if (toDestroy > 0) {
    const message = `The plan destroys ${destroys.join(', ')}: this needs a person's approval, and is refused`;
    return { kind: 'refuse', reason: 'plan_destroys', message };
  }
  if (toAdd + toChange === 0) return { kind: 'pass', reason: 'no_changes' };
  return { kind: 'apply', reason: 'plan_changes' };
}

/** Whether an earlier attempt died in the middle of an apply: then nobody knows what it did. */
export function wasApplying(slice: InfrastructureSlice | undefined, generation: number): boolean {
  return slice !== undefined && slice.phase === 'applying' && slice.generation === generation;
}

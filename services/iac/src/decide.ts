import type { InfrastructureRules, InfrastructureSlice } from '@orchestra/contracts';
import type { Planned } from './ports.ts';

export interface Facts {
  plan: Pick<Planned, 'toDestroy' | 'destroys' | 'changes' | 'changesAnything'>;
  rules: InfrastructureRules;
}

export type Decision =
  | { kind: 'apply'; reason: 'plan_changes' }
  | { kind: 'pass'; reason: 'no_changes' }
  | { kind: 'ask'; reason: 'plan_destroys' | 'plan_changes' }
  | { kind: 'refuse'; reason: 'type_denied' | 'destroy_denied' | 'too_many_changes'; message: string };

/** What becomes of a plan. One that destroys or replaces never goes on without a person. */
export function decideApply({ plan, rules }: Facts): Decision {
  const { toDestroy, changes, changesAnything } = plan;
  if (!changesAnything) return { kind: 'pass', reason: 'no_changes' };
  const refusal = refuseByPolicy({ plan, rules });
  if (refusal !== null) return refusal;
  if (toDestroy > 0) return { kind: 'ask', reason: 'plan_destroys' };
  if (rules.approval === 'changes' && changes.length > 0) return { kind: 'ask', reason: 'plan_changes' };
  return { kind: 'apply', reason: 'plan_changes' };
}

function refuseByPolicy({ plan, rules }: Facts): Extract<Decision, { kind: 'refuse' }> | null {
  const { toDestroy, destroys, changes } = plan;
  const { denyTypes, denyDestroy, maxChanges } = rules;
  const denied = changes.filter(({ type }) => denyTypes.some((pattern) => fits(type, pattern)));
  if (denied.length > 0) {
    const message = `The policy denies changes of ${denied.map(({ address }) => address).join(', ')}`;
    return { kind: 'refuse', reason: 'type_denied', message };
  }
  if (denyDestroy && toDestroy > 0) {
    const message = `The policy denies destroying, and the plan destroys ${destroys.join(', ')}`;
    return { kind: 'refuse', reason: 'destroy_denied', message };
  }
  if (maxChanges !== null && changes.length > maxChanges) {
    const message = `The plan changes ${changes.length} resources, and the policy allows ${maxChanges}`;
    return { kind: 'refuse', reason: 'too_many_changes', message };
  }
  return null;
}

function fits(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/** The slice of a unit as far as it belongs to this generation; null: the generation has not come so far. */
export function ownSlice(slice: InfrastructureSlice | undefined, generation: number): InfrastructureSlice | null {
  return slice !== undefined && slice.generation === generation ? slice : null;
}

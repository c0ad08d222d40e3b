import type { Plan, RollbackEvent } from '@orchestra/contracts';

interface Facts {
  rollback: Pick<RollbackEvent, 'outcome' | 'environment'>;
  plan: Pick<Plan, 'infrastructure' | 'rollback'>;
}

export type RemovalDecision =
  | { kind: 'remove'; reason: 'release_rolled_back' }
  | { kind: 'keep'; reason: 'not_restored' | 'not_asked_for' | 'no_infrastructure' };

/** Whether a rollback takes the infrastructure of its environment along: only where the file says so. */
export function decideRemoval({ rollback, plan }: Facts): RemovalDecision {
  const { destroysIn = [] } = plan.rollback;
  if (!destroysIn.includes(rollback.environment)) return { kind: 'keep', reason: 'not_asked_for' };
  if (rollback.outcome !== 'SUCCESS') return { kind: 'keep', reason: 'not_restored' };
  if (plan.infrastructure === null) return { kind: 'keep', reason: 'no_infrastructure' };
  return { kind: 'remove', reason: 'release_rolled_back' };
}

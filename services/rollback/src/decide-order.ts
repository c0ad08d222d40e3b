import type { OperatorCommand } from '@orchestra/contracts';
import type { Quarantined } from '@orchestra/runtime';

/** What becomes of a person's order. */
export interface OrderAnswer {
  answer: 'accepted' | 'refused';
  reason: string;
}

/** `letOut`: the keys that leave quarantine, the named one last: as long as it is in, the work is not done. */
export type OrderDecision = OrderAnswer & { letOut: readonly string[] };

type Order = Pick<OperatorCommand, 'action' | 'repository' | 'environment' | 'service' | 'digest' | 'reason'>;

/** An order that moves no unit of rollback: a version comes out of quarantine, and everything else is refused in words. */
export function decideOrder(order: Order, quarantined: readonly Quarantined[]): OrderDecision {
  const { action, environment, service } = order;
  if (action === 'RELEASE_QUARANTINE') return decideRelease(order, quarantined);
  if (action !== 'ROLLBACK') return refuse('not_understood');
  return refuse(environment === null || service === null ? 'no_target' : 'no_run');
}

// Digest and commit of a version went in together, and either one would hold it back.
function decideRelease({ repository, digest, reason }: Order, quarantined: readonly Quarantined[]): OrderDecision {
  if (repository === null) return refuse('no_repository');
  if (digest === null) return refuse('no_version');
  const named = quarantined.find(({ key }) => key === digest);
  if (named === undefined) return refuse('not_in_quarantine');
  // Whoever meets this version again wants to know why it is out.
  if (reason === null || reason.trim() === '') return refuse('no_note');
  const together = quarantined.filter(({ release, alertId }) => release === named.release && alertId === named.alertId);
  const others = together.map(({ key }) => key).filter((key) => key !== digest);
  return { answer: 'accepted', reason: 'ordered', letOut: [...others, digest] };
}

function refuse(reason: string): OrderDecision {
  return { answer: 'refused', reason, letOut: [] };
}

import type { Received } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { readAlert } from './read-request.ts';
import { rollBack, type Around } from './roll-back.ts';

/** A release is unhealthy: go back where that is possible and sensible. */
export async function handleObservabilityAlert(
  event: Received<'observability_alert'>,
  { context, ports }: Around,
): Promise<Result<'rollback'>> {
  const asked = readAlert(event);
  return asked === null ? { kind: 'end', status: null, events: [] } : rollBack(asked, context, ports);
}

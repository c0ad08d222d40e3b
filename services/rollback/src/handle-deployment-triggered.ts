import type { Received } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { readFailure } from './read-request.ts';
import { rollBack, type Around } from './roll-back.ts';

/** A rollout failed on its own: its canary is always taken back. The other phases are for others. */
export async function handleDeploymentTriggered(
  event: Received<'deployment_triggered'>,
  { context, ports }: Around,
): Promise<Result<'rollback'>> {
  const asked = readFailure(event);
  return asked === null ? { kind: 'end', status: null, events: [] } : rollBack(asked, context, ports);
}

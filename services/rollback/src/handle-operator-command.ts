import type { Received } from '@orchestra/contracts';
import { readHeldTarget, type Result } from '@orchestra/runtime';
import { readOrder } from './read-request.ts';
import { rollBack, type Around } from './roll-back.ts';

/** A person asks for a rollback. */
export async function handleOperatorCommand(
  event: Received<'operator_command'>,
  { context, ports }: Around,
): Promise<Result<'rollback'>> {
  const { actor, action, environment, service } = event.data;
  const { repository } = context.run;
  const { target } = await readHeldTarget(context, {
    repository,
    environment: environment ?? '',
    service: service ?? '',
  });
  const asked = readOrder(event, target);
  if (asked !== null) return rollBack(asked, context, ports);
  const decided = [{ what: 'command refused', reason: 'nothing_serves', facts: { action, actor } }];
  return { kind: 'end', status: 'not_needed', reason: 'nothing_serves', events: [], decided };
}

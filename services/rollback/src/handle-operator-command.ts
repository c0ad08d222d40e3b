import type { Received } from '@orchestra/contracts';
import { readHeldTarget, type Result } from '@orchestra/runtime';
import { decidedOf } from './obey-order.ts';
import { readOrder } from './read-request.ts';
import { nothingServes } from './report.ts';
import { rollBack, type Around } from './roll-back.ts';

/** A person asks for a rollback. The order is answered beside what the rollback itself tells. */
export async function handleOperatorCommand(
  event: Received<'operator_command'>,
  { context, ports }: Around,
): Promise<Result<'rollback'>> {
  const { data } = event;
  const { environment, service } = data;
  const name = { repository: context.run.repository, environment: environment ?? '', service: service ?? '' };
  const { target } = await readHeldTarget(context, name);
  const asked = readOrder(event, target);
  if (asked === null) {
    const reason = 'nothing_serves';
    const decided = [decidedOf(data, { answer: 'refused', reason })];
    return { ...nothingServes(name, target.epoch), decided };
  }
  const result = await rollBack(asked, context, ports);
  if (result.kind !== 'end') return result;
  const refused = result.status === 'not_needed';
  const answer = refused
    ? ({ answer: 'refused', reason: result.reason ?? 'refused' } as const)
    : ({ answer: 'accepted', reason: 'ordered' } as const);
  return { ...result, decided: [decidedOf(data, answer), ...(result.decided ?? [])] };
}

import type { Received } from '@orchestra/contracts';
import type { Decided, Ended } from '@orchestra/runtime';
import { decideOrder, type OrderAnswer } from './decide-order.ts';
import type { Context } from './gather-facts.ts';

type Command = Received<'operator_command'>['data'];

/** Obeys or refuses an order that is not about a unit. The answer stands in the audit log, and in the run's history. */
export async function obeyOrder({ data }: Received<'operator_command'>, context: Context): Promise<Ended<'rollback'>> {
  const { store } = context;
  const repository = data.repository ?? '';
  const decision = decideOrder(data, repository === '' ? [] : await store.readQuarantine(repository));
  // An attempt that died after its answer is repeated: what it has let out already is no reason to refuse.
  const told = await findAnswer(data, context);
  const answer = told ?? decision;
  if (told === null) await writeAnswer(data, answer, context);
  const letOut = answer.answer === 'accepted' ? decision.letOut : [];
  for (const key of letOut) await store.releaseQuarantine(repository, key);
  return { kind: 'end', status: null, events: [], decided: [decidedOf(data, answer)] };
}

/** The line of the history that answers an order. */
export function decidedOf({ action, actor, commandId }: Command, { answer, reason }: OrderAnswer): Decided {
  return { what: `command ${answer}`, reason, facts: { action, actor, commandId } };
}

// Orders are few: what was answered a moment ago is among the newest entries.
const newest = 200;

async function findAnswer({ commandId }: Command, { store }: Context): Promise<OrderAnswer | null> {
  const entries = await store.readAudit(newest);
  const own = entries.find(({ id, service }) => id === commandId && service === 'rollback');
  if (own === undefined) return null;
  return { answer: own['answer'] === 'accepted' ? 'accepted' : 'refused', reason: own['why'] ?? '' };
}

async function writeAnswer(command: Command, { answer, reason }: OrderAnswer, { store, now }: Context): Promise<void> {
  const { commandId: id, actor, action, repository, digest, reason: note } = command;
  await store.audit({
    at: now.toISOString(),
    service: 'rollback',
    id,
    actor,
    action: action.toLowerCase(),
    repository: repository ?? '',
    digest: digest ?? '',
    note: note ?? '',
    answer,
    why: reason,
  });
}

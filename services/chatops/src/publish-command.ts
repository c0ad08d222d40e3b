import type { Ended, JobContext } from '@orchestra/runtime';
import { auditEntry } from './audit-entry.ts';
import { parseCommand } from './parse-command.ts';

/** The job of an order: it is in the audit log before anybody hears of it. */
export async function publishCommand(
  payload: unknown,
  { store, now }: JobContext<'chatops'>,
): Promise<Ended<'chatops'>> {
  const command = parseCommand(payload);
  await store.audit(auditEntry(command, now));
  const { commandId, actor, addressee, unit, reason } = command;
  const decided = [
    {
      what: `${command.action.toLowerCase()} asked`,
      reason: 'ordered',
      facts: { commandId, actor, addressee, unit, reason },
    },
  ];
  return { kind: 'end', status: null, events: [{ topic: 'operator_command', data: command }], decided };
}

import type { Received } from '@orchestra/contracts';
import type { Ended, JobContext } from '@orchestra/runtime';
import { auditEntry } from './audit-entry.ts';

/** A command that came in elsewhere, such as a comment at the forge: chatops keeps the audit log of all of them. */
export async function handleOperatorCommand(
  event: Received<'operator_command'>,
  { store }: JobContext<'chatops'>,
): Promise<Ended<'chatops'>> {
  await store.audit(auditEntry(event.data, event.time));
  return { kind: 'end', status: null, events: [] };
}

import type { OperatorCommand } from '@orchestra/contracts';

const mayBeAbsent = [
  'repository',
  'runId',
  'unit',
  'environment',
  'release',
  'digest',
  'resolution',
  'until',
  'seconds',
  'reason',
] as const;

/** A person's act as the audit log keeps it. The same command twice, after a crash, has the same id. */
export function auditEntry(command: OperatorCommand, at: Date): Record<string, string> {
  return {
    at: at.toISOString(),
    service: 'chatops',
    id: command.commandId,
    actor: command.actor,
    source: command.source,
    action: command.action.toLowerCase(),
    addressee: command.addressee,
    force: String(command.force),
    ...Object.fromEntries(mayBeAbsent.map((name) => [name, String(command[name] ?? '')])),
  };
}

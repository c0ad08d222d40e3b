import type { OperatorCommand } from '@orchestra/contracts';

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
    repository: command.repository ?? '',
    runId: command.runId ?? '',
    unit: command.unit ?? '',
    environment: command.environment ?? '',
    release: command.release ?? '',
    digest: command.digest ?? '',
    force: String(command.force),
    resolution: command.resolution ?? '',
    until: command.until ?? '',
    seconds: String(command.seconds ?? ''),
    reason: command.reason ?? '',
  };
}

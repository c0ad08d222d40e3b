import type { OperatorCommand, Received } from '@orchestra/contracts';

/** An order of a person for iac. */
export function anOrder(change: Partial<OperatorCommand>): Received<'operator_command'> {
  const data: OperatorCommand = {
    commandId: 'c1',
    version: 1,
    action: 'APPROVE',
    actor: 'ada',
    source: 'API',
    addressee: 'iac',
    repository: 'acme/shop',
    runId: 'run-1',
    generation: 1,
    unit: 'iac/production',
    environment: null,
    service: null,
    release: null,
    digest: null,
    force: false,
    resolution: null,
    until: null,
    seconds: null,
    reason: null,
    ...change,
  };
  const envelope = {
    id: 'order-1',
    source: 'chatops',
    subject: 'command',
    generation: 1,
    hops: 0,
    causeId: null,
  } as const;
  return { topic: 'operator_command', ...envelope, runId: data.runId ?? '', time: new Date(0), data };
}

import { randomUUID } from 'node:crypto';
import type { OperatorCommand } from '@orchestra/contracts';
import { writeEnvelope, type Backends } from '@orchestra/runtime';
import { anOperatorCommand } from '@orchestra/testkit';
import { place } from './release-plan.ts';

/** A person's order about a run and its target, as chatops publishes it. */
export async function giveOrder(
  { bus, codec }: Backends,
  order: Pick<OperatorCommand, 'action' | 'addressee'> & { runId: string },
): Promise<void> {
  const { repository, environment, service } = place;
  const command = anOperatorCommand({
    commandId: randomUUID(),
    generation: 1,
    repository,
    environment,
    service,
    ...order,
  });
  const headers = writeEnvelope('operator_command', {
    id: randomUUID(),
    source: 'chatops',
    subject: 'operator_command',
    time: new Date(),
    runId: order.runId,
    causeId: null,
    generation: 1,
    hops: 1,
    traceparent: null,
  });
  const value = await codec.encode('operator_command', command);
  await bus.publish([{ topic: 'operator_command', key: order.runId, value, headers }]);
}

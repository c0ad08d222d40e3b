import { randomUUID } from 'node:crypto';
import type { OperatorCommand } from '@orchestra/contracts';
import { writeEnvelope, type Backends } from '@orchestra/runtime';
import { anOperatorCommand } from '@orchestra/testkit';
import { place } from './release-plan.ts';

/** A person's order, as chatops publishes it: about a run and its target where it says nothing else. */
export async function giveOrder(
  { bus, codec }: Backends,
  order: Partial<OperatorCommand> & Pick<OperatorCommand, 'action' | 'addressee' | 'runId'>,
): Promise<void> {
  const { repository, environment, service } = place;
  const command = anOperatorCommand({
    commandId: randomUUID(),
    generation: order.runId === null ? null : 1,
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
    generation: command.generation ?? 1,
    hops: 1,
    traceparent: null,
  });
  const value = await codec.encode('operator_command', command);
  await bus.publish([{ topic: 'operator_command', key: order.runId ?? repository, value, headers }]);
}

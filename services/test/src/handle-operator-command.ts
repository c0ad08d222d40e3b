import type { Received } from '@orchestra/contracts';
import { retryByCommand, type Ended, type JobContext } from '@orchestra/runtime';

/** A person asks this service for something: a retry of its unit is all that it can do. */
export async function handleOperatorCommand(
  event: Received<'operator_command'>,
  context: JobContext<'test'>,
): Promise<Ended<'test'>> {
  if (event.data.action === 'RETRY') return retryByCommand('test', event, context);

  const { action, actor } = event.data;
  return {
    kind: 'end',
    status: null,
    events: [],
    decided: [{ what: 'command refused', reason: 'not_understood', facts: { action, actor } }],
  };
}

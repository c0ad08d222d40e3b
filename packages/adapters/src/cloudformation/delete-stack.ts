import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { demandSeen, type SavedDeletion } from './plan-deletion.ts';
import { explainError, findStack, pollFor, readFailures, type Asking } from './stack.ts';

/** Deletes a stack that is still as it was planned for, and waits until it is gone. A deletion cannot be cancelled. */
export async function deleteStack(asking: Asking, saved: SavedDeletion): Promise<void> {
  const { client, call } = asking;
  await demandSeen(asking, saved);
  const since = new Date();
  const endsAt = performance.now() + call.timeoutMs;
  await client.send(new DeleteStackCommand({ StackName: saved.stackId }));
  // A stack that is gone is known by its id alone.
  const deleted = { ...asking, stackName: saved.stackId };
  try {
    const status = await pollFor(deleted, endsAt, async () => {
      const now = (await findStack(deleted))?.StackStatus ?? 'DELETE_COMPLETE';
      return now === 'DELETE_COMPLETE' || now === 'DELETE_FAILED' ? now : null;
    });
    call.onOutput(`${asking.stackName}: ${status}\n`);
    if (status === 'DELETE_COMPLETE') return;
    const why = await readFailures(deleted, since);
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', ['The stack could not be deleted', ...why].join('\n'));
  } catch (error) {
    if (error instanceof OrchestraError) throw error;
    // The stack moves on while nobody can be asked about it.
    throw new OrchestraError('INFRASTRUCTURE_CUT', explainError(error).message, { cause: error });
  }
}

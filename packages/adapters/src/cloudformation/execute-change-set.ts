import { CancelUpdateStackCommand, ExecuteChangeSetCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import type { SavedChangeSet } from './plan-change-set.ts';
import { explainError, findStack, pollFor, readFailures, type Asking } from './stack.ts';

const good = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'IMPORT_COMPLETE']);

/** Executes a change set and waits until the stack has come to rest. */
export async function executeChangeSet(asking: Asking, { changeSetId, kind }: SavedChangeSet): Promise<Stack> {
  const { client, call } = asking;
  const since = new Date();
  const endsAt = performance.now() + call.timeoutMs;
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSetId }));
  try {
    const stack = await waitForRest(asking, endsAt);
    if (good.has(stack.StackStatus ?? '')) return stack;
    const failures = await readFailures(asking, since);
    const why = [...failures, stack.StackStatusReason ?? ''].filter((text) => text !== '').join('\n');
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The stack ended as ${stack.StackStatus}\n${why}`.trim());
  } catch (error) {
    if (call.signal.aborted) await interrupt(asking, kind);
    if (error instanceof OrchestraError) throw error;
    // The stack moves on while nobody can be asked about it.
    throw new OrchestraError('INFRASTRUCTURE_CUT', explainError(error).message, { cause: error });
  }
}

async function waitForRest(asking: Asking, endsAt: number): Promise<Stack> {
  let last = '';
  return pollFor(asking, endsAt, async () => {
    const stack = await findStack(asking);
    const status = stack?.StackStatus ?? '';
    if (status !== last) asking.call.onOutput(`${asking.stackName}: ${status}\n`);
    last = status;
    const isMoving = status.endsWith('_IN_PROGRESS') && !good.has(status);
    return stack === null || isMoving ? null : stack;
  });
}

// Only an update can be cancelled, and then goes back by itself; whoever wants to know looks at the stack.
async function interrupt({ client, stackName, call }: Asking, kind: SavedChangeSet['kind']): Promise<void> {
  if (kind !== 'UPDATE') return;
  try {
    await client.send(new CancelUpdateStackCommand({ StackName: stackName }));
  } catch (error) {
    call.onOutput(`The update could not be cancelled: ${explainError(error).message}\n`);
  }
}

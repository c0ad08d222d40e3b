import { createHash } from 'node:crypto';
import { ListStackResourcesCommand, type Stack, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { ResourceChange } from '../terraform/index.ts';
import { findStack, type Asking } from './stack.ts';

/** What a saved deletion holds. There are no change sets of deletions: the stack as it was seen stands for what goes. */
export const deletionSchema = z.object({
  stackName: z.string(),
  kind: z.literal('DELETE'),
  stackId: z.string(),
  /** SHA-256 of when the stack was last changed and of all its resources. */
  seen: z.string(),
  /** Tells one plan of the same deletion from another. */
  plan: z.string(),
});
export type SavedDeletion = z.output<typeof deletionSchema>;

/** Lists what deleting the stack would destroy. What its template retains is listed too: the API does not say. */
export async function planDeletion(asking: Asking): Promise<{ saved: SavedDeletion; changes: ResourceChange[] }> {
  const { stack, resources } = await readStack(asking);
  const plan = createHash('sha256').update(asking.call.workspace).digest('hex');
  return {
    saved: { stackName: asking.stackName, kind: 'DELETE', plan, ...nameOf(stack, resources) },
    changes: resources.map(({ LogicalResourceId: address = '', ResourceType: type = '' }) => ({
      address,
      type,
      kind: 'destroy',
      attributes: [],
    })),
  };
}

/**
 * Makes sure that the stack is still the one that was planned for.
 *
 * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED` when anything of it has changed since
 */
export async function demandSeen(asking: Asking, { stackId, seen }: SavedDeletion): Promise<void> {
  const { stack, resources } = await readStack(asking);
  const now = nameOf(stack, resources);
  if (now.stackId === stackId && now.seen === seen) return;
  throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The stack is not as it was when its deletion was planned');
}

interface Seen {
  stack: Stack | null;
  resources: readonly StackResourceSummary[];
}

async function readStack(asking: Asking): Promise<Seen> {
  const stack = await findStack(asking);
  const status = stack?.StackStatus ?? '';
  if (status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS') {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', `The stack ${asking.stackName} is busy: ${status}`);
  }
  return { stack, resources: stack === null ? [] : await listResources(asking) };
}

async function listResources({ client, stackName }: Asking): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName: stackName, NextToken: token }));
    found.push(...(page.StackResourceSummaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
}

function nameOf(stack: Stack | null, resources: readonly StackResourceSummary[]): { stackId: string; seen: string } {
  const changedAt = stack?.LastUpdatedTime ?? stack?.CreationTime;
  const names = resources.map(({ LogicalResourceId, PhysicalResourceId, ResourceType }) =>
    [LogicalResourceId, PhysicalResourceId, ResourceType].join(' '),
  );
  const text = [changedAt?.toISOString() ?? '', ...names.toSorted()].join('\n');
  return { stackId: stack?.StackId ?? '', seen: createHash('sha256').update(text).digest('hex') };
}

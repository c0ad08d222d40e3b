import type { V1Deployment } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from './connect-cluster.ts';
import { readRefusal } from './read-refusal.ts';
import { fieldManager } from './target-names.ts';

interface Applying {
  /** As it was read. */
  before: V1Deployment;
  body: V1Deployment;
  /** Also takes over what others manage: on the way back nothing may stand in it. */
  force: boolean;
}

/**
 * Applies a Deployment that is there, by server-side apply, if nobody has changed it since it was read.
 *
 * @throws OrchestraError `TARGET_DENIED`, not retriable, naming the fields that somebody else manages and has set otherwise
 */
export async function applyDeployment(apis: Apis, { before, body, force }: Applying): Promise<V1Deployment> {
  const name = body.metadata?.name ?? '';
  const namespace = body.metadata?.namespace ?? '';
  const asked = { name, namespace, body: heldTo(before, body), fieldManager };
  try {
    return await apis.apps.patchNamespacedDeployment({ ...asked, force }, apis.whole);
  } catch (error) {
    const others = conflictsWithOthers(error);
    if (others === null) throw error;
    if (others.length > 0) throw conflicting(name, others, error);
    return apis.apps.patchNamespacedDeployment({ ...asked, force: true }, apis.whole);
  }
}

function heldTo({ metadata: read }: V1Deployment, { apiVersion, kind, metadata, spec }: V1Deployment): object {
  const { name, namespace, labels, annotations } = metadata ?? {};
  const resourceVersion = read?.resourceVersion;
  return { apiVersion, kind, metadata: { name, namespace, labels, annotations, resourceVersion }, spec };
}

// What we wrote by other ways than apply is a conflict with ourselves; null: the refusal is about something else.
function conflictsWithOthers(error: unknown): string[] | null {
  const conflicts = readRefusal(error)?.conflicts ?? [];
  if (conflicts.length === 0) return null;
  return conflicts.filter(({ message }) => !message.includes(`"${fieldManager}"`)).map(renderConflict);
}

function renderConflict({ field, message }: { field: string; message: string }): string {
  return `${field}: ${message}`;
}

function conflicting(name: string, conflicts: readonly string[], cause: unknown): OrchestraError {
  const message = `Somebody else manages parts of the Deployment ${name}: ${conflicts.join('; ')}`;
  return new OrchestraError('TARGET_DENIED', message, { cause });
}

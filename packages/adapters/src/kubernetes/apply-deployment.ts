import type { V1Deployment } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from './connect-cluster.ts';
import { nameOf, type ClusterObject } from './inputs/cluster-object.ts';
import { conflictAdvice, findConflicts, renderConflicts, type FieldConflict } from './report-conflicts.ts';

interface Applying {
  /** As it was read. */
  before: V1Deployment;
  body: ClusterObject;
  /** Also takes over what others manage: on the way back nothing may stand in it. */
  force: boolean;
}

/**
 * Applies a Deployment that is there, by server-side apply, if nobody has changed it since it was read.
 *
 * @throws OrchestraError `TARGET_DENIED`, not retriable, naming the fields that somebody else manages and has set otherwise
 */
export async function applyDeployment(apis: Apis, { before, body, force }: Applying): Promise<void> {
  const { resourceVersion } = before.metadata ?? {};
  const held = { ...body, metadata: { ...body.metadata, resourceVersion } };
  try {
    await apis.objects.apply(held, { dryRun: false, force });
  } catch (error) {
    const others = findConflicts(error);
    if (others === null) throw error;
    if (others.length > 0) throw conflicting(body, others, error);
    await apis.objects.apply(held, { dryRun: false, force: true });
  }
}

function conflicting(body: ClusterObject, conflicts: readonly FieldConflict[], cause: unknown): OrchestraError {
  const message = `Somebody else manages parts of the ${nameOf(body)}: ${renderConflicts(conflicts)}; ${conflictAdvice}`;
  return new OrchestraError('TARGET_DENIED', message, { cause });
}

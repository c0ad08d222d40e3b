import type { Connect } from './connect-cluster.ts';
import type { ClusterObject } from './inputs/cluster-object.ts';
import type { OwnObjects } from './inputs/own-objects.ts';
import type { TryOwn } from './inputs/rehearse.ts';
import type { Entering } from './target-access.ts';
import type { ClusterStartable } from './target-objects.ts';

/** A release for which something is brought, under the epoch of its move. */
export interface Preparing extends Entering {
  connect: Connect;
  startable: ClusterStartable;
  own: OwnObjects;
}

/**
 * The object whose pods the releases of a target run in: Deployments behind a Service of ours, or an Argo Rollout. What a
 * release brings beside it comes in one way to both.
 */
export interface Workload {
  /** What an installation has to allow of it. */
  kinds: readonly string[];
  /** Does `work` once the world has the epoch of the move. @throws OrchestraError `TARGET_REFUSED`, not retriable */
  underEpoch(preparing: Preparing, work: () => Promise<void>): Promise<void>;
  /** What users reach, where it is ours. */
  bringPorts(preparing: Preparing): Promise<void>;
  /** What the pods of a release are made of, in the form of the object. */
  describe(preparing: Preparing): Promise<ClusterObject>;
  tryOwn: TryOwn;
}

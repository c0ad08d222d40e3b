import { connectCluster, type Apis, type ClusterOptions } from '../connect-cluster.ts';
import { demandPlace } from '../demand-place.ts';
import { deniedBy, orNull } from '../read-refusal.ts';
import { deploymentName, nameTarget } from '../target-names.ts';
import { findChanges, type ClusterChange } from './find-changes.ts';

/** A release that has all of the traffic of a target. */
export interface LeftInCluster {
  /** `repository/environment/service` */
  target: string;
  namespace: string;
  release: string;
  /** With its digest. */
  image: string;
}

/** Compares what releases have left in a cluster with what is there. It only reads. */
export interface ClusterDrift {
  /**
   * What somebody else has changed; empty: nothing.
   *
   * @throws OrchestraError `TARGET_UNREACHABLE`, retriable, or `TARGET_DENIED`, not retriable
   */
  look(left: LeftInCluster, signal?: AbortSignal): Promise<readonly ClusterChange[]>;
}

export function createClusterDrift(options: ClusterOptions): ClusterDrift {
  const connect = connectCluster(options);
  return {
    async look({ target, namespace, release, image }, signal) {
      demandPlace(options, namespace);
      const names = nameTarget(target, namespace);
      const name = deploymentName(names, release);
      const [service, found] = await read(await connect(signal), { namespace, service: names.service, name });
      return findChanges({ names, service, deployment: { name, found }, release, image });
    },
  };
}

async function read(
  { core, apps }: Apis,
  { namespace, service, name }: Record<'namespace' | 'service' | 'name', string>,
) {
  try {
    return await Promise.all([
      orNull(core.readNamespacedService({ name: service, namespace })),
      orNull(apps.readNamespacedDeployment({ name, namespace })),
    ]);
  } catch (error) {
    throw deniedBy(error);
  }
}

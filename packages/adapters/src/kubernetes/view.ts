import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { annotations, labels, type TargetNames } from './target-names.ts';

/** What is in the world now. `weight` is the share of the traffic in percent; `wanted` and `ready` count pods. */
export interface ClusterView {
  epoch: number;
  url: string;
  releases: readonly { release: string; ready: number; wanted: number; weight: number }[];
}

/** The objects of a target as they were read. */
export interface Gathered {
  service: V1Service;
  deployments: readonly V1Deployment[];
}

/** Which release alone gets the traffic by the Service's selector; null: all of them share it by their pods. */
export function onlyServing({ spec }: V1Service): string | null {
  return spec?.selector?.[labels.release] ?? null;
}

export function epochOf({ metadata }: V1Service | V1Deployment): number {
  return Number(metadata?.annotations?.[annotations.epoch] ?? 0);
}

export function releaseOf({ metadata }: V1Deployment): string {
  return metadata?.labels?.[labels.release] ?? '';
}

/** With how many pods a release serves by itself. */
export function sizeOf({ metadata, spec }: V1Deployment): number {
  return Number(metadata?.annotations?.[annotations.size] ?? spec?.replicas ?? 1);
}

export function readyOf({ status }: V1Deployment): number {
  return status?.availableReplicas ?? 0;
}

export function viewOf({ service, deployments }: Gathered, names: TargetNames): ClusterView {
  const only = onlyServing(service);
  const all = deployments.reduce((sum, deployment) => sum + readyOf(deployment), 0);
  const port = service.spec?.ports?.[0]?.port ?? 80;
  return {
    epoch: epochOf(service),
    url: `http://${names.service}.${names.namespace}.svc:${port}`,
    releases: deployments.map((deployment) => {
      const release = releaseOf(deployment);
      const ready = readyOf(deployment);
      const shared = all === 0 ? 0 : Math.round((ready * 100) / all);
      const weight = only === null ? shared : Number(only === release) * 100;
      return { release, ready, wanted: deployment.spec?.replicas ?? 1, weight };
    }),
  };
}

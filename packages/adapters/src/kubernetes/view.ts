import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import type { Routed } from './route/read-route.ts';
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
  /** Absent: no route shares its traffic. */
  routed?: Routed | undefined;
}

/**
 * Which release alone gets the traffic by the Service's selector; null: all of them share it by their pods. A route may send
 * a part past it ({@link byRoute}).
 */
export function onlyServing({ spec }: V1Service): string | null {
  return spec?.selector?.[labels.release] ?? null;
}

/** Which release gets how much of the traffic by a route, in percent; null: none does. */
export function byRoute({ routed }: Gathered): { release: string; percent: number } | null {
  const percent = routed?.route?.percent ?? null;
  const release = routed?.canary?.spec?.selector?.[labels.release];
  return percent === null || release === undefined ? null : { release, percent };
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

export function viewOf(gathered: Gathered, names: TargetNames): ClusterView {
  const { service, deployments } = gathered;
  const all = deployments.reduce((sum, deployment) => sum + readyOf(deployment), 0);
  const port = service.spec?.ports?.[0]?.port ?? 80;
  return {
    epoch: epochOf(service),
    url: `http://${names.service}.${names.namespace}.svc:${port}`,
    releases: deployments.map((deployment) => {
      const release = releaseOf(deployment);
      const ready = readyOf(deployment);
      const byPods = all === 0 ? 0 : Math.round((ready * 100) / all);
      const weight = bySelector(gathered, release) ?? byPods;
      return { release, ready, wanted: deployment.spec?.replicas ?? 1, weight };
    }),
  };
}

function bySelector(gathered: Gathered, release: string): number | null {
  const only = onlyServing(gathered.service);
  if (only === null) return null;
  const shared = byRoute(gathered);
  if (only !== release) return shared?.release === release ? shared.percent : 0;
  return shared === null || shared.release === release ? 100 : 100 - shared.percent;
}

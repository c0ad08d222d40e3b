import { expect } from '@jest/globals';
import { startFakeNode } from '@orchestra/testkit/neighbours';
import { startMetricsServer, type MetricsServer } from './metrics-server.ts';
import { unit } from './release-plan.ts';
import { startReleaseWorld, type ReleaseWorld } from './release-world.ts';

export interface ClusterWorld {
  world: ReleaseWorld;
  /** By which releases are judged, beside their pods. */
  metrics: MetricsServer;
  /** By environment. */
  namespaces: Readonly<Record<string, string>>;
}

interface Given {
  /** Gets what closes the world and what it stands on, to be called last first. */
  open: (() => Promise<void>)[];
  environments?: readonly string[];
}

/** A world whose releases are pods, each of its environments in a namespace of its own. */
export async function givenClusterWorld(
  kubeconfig: string,
  { open, environments = ['production'] }: Given,
): Promise<ClusterWorld> {
  const named = await Promise.all(
    environments.map(async (environment) => {
      const node = await startFakeNode(kubeconfig);
      open.push(() => node.stop());
      return [environment, node.namespace] as const;
    }),
  );
  const namespaces = Object.fromEntries(named);
  const metrics = await startMetricsServer();
  open.push(() => metrics.close());
  const world = await startReleaseWorld({ kubeconfig, namespaces, metricsUrl: metrics.url });
  open.push(async () => world[Symbol.asyncDispose]());
  return { world, metrics, namespaces };
}

/** The same in production alone, where a first release serves and was watched. */
export async function givenReleaseInCluster(
  kubeconfig: string,
  { open, replicas = 1 }: Pick<Given, 'open'> & { replicas?: number },
): Promise<ClusterWorld> {
  const given = await givenClusterWorld(kubeconfig, { open });
  const first = await given.world.push({ version: 'v1', service: { replicas } });
  expect(await given.world.ended(first, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
  expect(await given.world.shares()).toEqual({ r1: 100 });
  return given;
}

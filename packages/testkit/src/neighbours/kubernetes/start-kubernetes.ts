import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer } from '../docker.ts';
import { startByFirstWay } from '../first-way.ts';
import type { Neighbour, NeighbourOptions } from '../neighbour.ts';
import { adminTokenLine, answersOk, firstAccount, writeKubeconfig } from './cluster-folder.ts';
import type { FakeNode } from './fake-node.ts';
import { startLocalControlPlane } from './local-control-plane.ts';

export type { FakeNode } from './fake-node.ts';

/**
 * Comes by the control plane of a Kubernetes 1.34: etcd, API server, controllers and scheduler, and no node. Its `url` is the
 * path of a kubeconfig with all rights.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` naming the three ways
 */
export function startKubernetes(options: NeighbourOptions = {}): Promise<Neighbour> {
  const ways = { name: 'Kubernetes', variable: 'KUBECONFIG', docker: startK3s, local: startLocalControlPlane };
  return startByFirstWay(ways, options);
}

/**
 * Makes a namespace with a random name and stands in for the scheduler and for kubelet in it: pods get a place, and the
 * status that the tag of their image asks for: `bad` keeps ending, `never` does not get ready, `absent` has no image, and
 * any other is ready. A pod that is not restarted ends at once, badly where its command has the word `fail`.
 *
 * @param kubeconfig its path
 * @param address what its pods have for an address, on which a test may answer for them; absent: one each that leads nowhere
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when the cluster has nodes of its own: it may be somebody's real one
 */
export async function startFakeNode(kubeconfig: string, address?: string): Promise<FakeNode> {
  // The client takes a second to load, which whoever only starts servers need not wait for.
  const { runFakeNode } = await import('./fake-node.ts');
  return runFakeNode(kubeconfig, address);
}

/**
 * Makes the kinds HTTPRoute (Gateway API 1.4.1) and Rollout (Argo Rollouts 1.8.3) known to a cluster, by the definitions of
 * these projects. No controller comes with them: whoever tests plays it, or starts it.
 *
 * @param kubeconfig its path
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when the definitions cannot be had, or the cluster does not take them up
 */
export async function addCustomKinds(kubeconfig: string): Promise<void> {
  const { kindsInFront, writeDefinitions } = await import('./custom-kinds.ts');
  return writeDefinitions(kubeconfig, kindsInFront);
}

async function startK3s(): Promise<Neighbour> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-k3s-'));
  const file = join(folder, 'kubeconfig');
  try {
    const started = await startContainer({
      image: 'rancher/k3s:v1.34.4-k3s1',
      port: 6443,
      urlOf: (host, port) => `https://${host}:${port}`,
      prepare: (container) =>
        container
          .withPrivilegedMode()
          .withCopyContentToContainer([{ content: adminTokenLine, target: '/etc/tokens.csv' }])
          .withCommand(['server', '--disable-agent', '--kube-apiserver-arg=token-auth-file=/etc/tokens.csv']),
      isReady: (host, port) => answersOk(`https://${host}:${port}`, firstAccount),
    });
    await writeKubeconfig(file, { server: started.url, certificate: null });
    return { ...started, url: file, stop: async () => Promise.all([started.stop(), remove()]).then(() => {}) };
  } catch (error) {
    await remove();
    throw error;
  }

  function remove(): Promise<void> {
    return rm(folder, { recursive: true, force: true });
  }
}

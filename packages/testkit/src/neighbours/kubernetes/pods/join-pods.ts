import type { CoreV1Api } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/contracts';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { eventually } from '../../../eventually.ts';
import type { PodImage } from './pod-images.ts';

/** A cluster with one real node. */
export interface PodCluster {
  /** Its path; with all rights. */
  kubeconfig: string;
  /** Images by tag and digest, by what becomes of a pod of theirs. Nobody has that of `absent`. */
  images: Record<PodImage, string>;
  /** The file with the process id of the API server, which comes back a second after it was killed. */
  serverPid: string;
}

/** What a test with real pods works with. */
export interface Pods extends Omit<PodCluster, 'serverPid'> {
  /** Makes a namespace with a random name, in which pods can be started at once. */
  makeNamespace(): Promise<string>;
  /** Removes a namespace and what is in it; it is not waited for. */
  removeNamespace(name: string): Promise<void>;
  /** Waits until a Service answers with 200, and gives its address, a number: there are no names here. */
  reach(namespace: string, service: string): Promise<string>;
  /** Kills the API server as a power cut would. It is back some seconds later, with all that it knew. */
  killServer(): void;
}

/**
 * Joins the cluster in whose namespaces this test runs. Addresses of its Services can be called.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when the tests were started otherwise than by `npm run test:pods`
 */
export function joinPods(): Pods {
  const about = process.env['ORCHESTRA_PODS'] ?? '';
  if (about === '') {
    const message = 'tests with real pods run in namespaces of their own: npm run test:pods';
    throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', message);
  }
  const { serverPid, ...cluster }: PodCluster = JSON.parse(readFileSync(about, 'utf8'));
  const connecting = connect(cluster.kubeconfig);
  return {
    ...cluster,
    async makeNamespace() {
      const namespace = `test-${randomUUID().slice(0, 8)}`;
      const core = await connecting;
      await core.createNamespace({ body: { metadata: { name: namespace } } });
      await eventually({
        see: async () => (await core.listNamespacedServiceAccount({ namespace })).items.length,
        until: (accounts) => accounts > 0,
      });
      return namespace;
    },
    async removeNamespace(name) {
      const core = await connecting;
      await core.deleteNamespace({ name });
    },
    async reach(namespace, service) {
      const core = await connecting;
      const { spec } = await core.readNamespacedService({ namespace, name: service });
      const url = `http://${spec?.clusterIP}:${spec?.ports?.[0]?.port ?? 80}`;
      await eventually({ see: async () => statusOf(url), until: (status) => status === 200, timeoutMs: 60_000 });
      return url;
    },
    killServer() {
      process.kill(Number(readFileSync(serverPid, 'utf8')), 'SIGKILL');
    },
  };
}

// The client takes a second to load, which whoever only runs a command with pods need not wait for.
async function connect(kubeconfig: string): Promise<CoreV1Api> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.makeApiClient(client.CoreV1Api);
}

async function statusOf(url: string): Promise<number | null> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    ({ status }) => status,
    () => null,
  );
}

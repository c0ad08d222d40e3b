import { Readable } from 'node:stream';
import { afterAll, beforeAll } from '@jest/globals';
import { testReleases, type StartableAnywhere } from '@orchestra/testkit';
import { startFakeNode, startKubernetes, type Neighbour } from '@orchestra/testkit/neighbours';
import { createKubernetesReleases } from './kubernetes-releases.ts';

let cluster: Neighbour;

beforeAll(async () => {
  cluster = await startKubernetes();
});
afterAll(() => cluster.stop());

testReleases('a Kubernetes namespace', async () => {
  const { namespace, stop } = await startFakeNode(cluster.url);
  const inNamespace = createKubernetesReleases({
    kubeconfig: cluster.url,
    context: null,
    namespaces: [namespace],
    kinds: ['Deployment', 'Service'],
    requestMs: 10_000,
    deadlineMs: 30_000,
  });
  return {
    releases: inNamespace(namespace),
    target: 'ada/shop/production/web',
    startable,
    processesForNinety: 9,
    close: stop,
  };
});

function startable(release: string, how = 'comes_up'): StartableAnywhere {
  const crashes = how === 'crashes';
  const image = `registry.test/shop:${crashes ? 'bad' : 'good'}@sha256:${'a'.repeat(64)}`;
  return {
    release,
    artifactDigest: `sha256:${'a'.repeat(64)}`,
    command: [],
    env: { VERSION: release },
    port: 0,
    replicas: 1,
    healthPath: '/health',
    readyTimeoutMs: crashes ? 3_000 : 20_000,
    open: async () => Readable.from([]),
    container: { image, port: 8080, runId: 'run-1', commit: 'c'.repeat(40) },
  };
}

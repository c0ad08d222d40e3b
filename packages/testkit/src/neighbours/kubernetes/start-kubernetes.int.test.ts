import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../eventually.ts';
import type { Neighbour } from '../neighbour.ts';
import { startFakeNode, startKubernetes, type FakeNode } from './start-kubernetes.ts';

describe('startKubernetes', () => {
  let cluster: Neighbour;
  let node: FakeNode;
  let core: CoreV1Api;
  let apps: AppsV1Api;

  beforeAll(async () => {
    cluster = await startKubernetes();
    node = await startFakeNode(cluster.url);
    const config = new KubeConfig();
    config.loadFromFile(cluster.url);
    core = config.makeApiClient(CoreV1Api);
    apps = config.makeApiClient(AppsV1Api);
  });
  afterAll(async () => {
    await node.stop();
    await cluster.stop();
  });

  it('has controllers that make pods of a Deployment, which the fake node runs', async () => {
    await deploy('works', 'registry.test/app:v1');

    const deployed = { name: 'works', namespace: node.namespace };
    const status = await eventually({
      see: async () => (await apps.readNamespacedDeployment(deployed)).status,
      until: (now) => now?.availableReplicas === 2,
    });
    expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
  });

  it.each([
    ['bad', 'CrashLoopBackOff'],
    ['absent', 'ImagePullBackOff'],
  ])('lets pods of the tag %s fail with %s', async (tag, reason) => {
    await deploy(`is-${tag}`, `registry.test/app:${tag}@sha256:${'a'.repeat(64)}`);

    const { items } = await eventually({
      see: async () => core.listNamespacedPod({ namespace: node.namespace, labelSelector: `app=is-${tag}` }),
      until: (now) => now.items[0]?.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason,
    });
    expect(items[0]?.status?.containerStatuses).toMatchObject([{ ready: false }]);
  });

  async function deploy(name: string, image: string): Promise<void> {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    await apps.createNamespacedDeployment({ namespace: node.namespace, body: { metadata: { name }, spec } });
  }
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeNode, startKubernetes, type FakeNode, type Neighbour } from '@orchestra/testkit/neighbours';
import { aCluster, anImage } from './a-cluster.fixture.ts';
import { createKubernetesReleases } from './kubernetes-releases.ts';

const target = 'ada/shop/production/web';

describe('a canary during which the API server is away', () => {
  let cluster: Neighbour;
  let node: FakeNode;

  beforeAll(async () => {
    cluster = await startKubernetes({ fresh: true });
    node = await startFakeNode(cluster.url);
  });
  afterAll(async () => {
    await node.stop();
    await cluster.stop();
  });

  it('goes on where it was once the server is back, and nothing has moved meanwhile', async () => {
    const releases = createKubernetesReleases(aCluster(cluster.url, [node.namespace]))(node.namespace);
    await releases.bringUp({ target, epoch: 1, startable: anImage('r1', 'good', { replicas: 3 }) });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    await releases.bringUp({ target, epoch: 2, startable: anImage('r2') });

    await cluster.kill();
    const shared = releases.share({ target, epoch: 2, weights: { r2: 25, r1: 75 } });
    await cluster.restart();

    expect((await shared).releases).toEqual(
      expect.arrayContaining([
        { release: 'r1', wanted: 3, ready: 3, weight: 75 },
        { release: 'r2', wanted: 1, ready: 1, weight: 25 },
      ]),
    );
  });
});

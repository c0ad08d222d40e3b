import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPods } from '@orchestra/testkit/neighbours';
import { aCluster, aPodOf } from '../a-cluster.fixture.ts';
import { createKubernetesReleases } from '../kubernetes-releases.ts';
import { createClusterPods } from './cluster-pods.ts';

const target = 'ada/shop/production/web';

describe('pages of real pods, through the API server', () => {
  const pods = joinPods();
  let namespace: string;

  beforeAll(async () => {
    namespace = await pods.makeNamespace();
    const releases = createKubernetesReleases({ ...aCluster(pods.kubeconfig, [namespace]), deadlineMs: 60_000 })(
      namespace,
    );
    await releases.bringUp({ target, epoch: 1, startable: aPodOf(pods.images.good, 'r1', { replicas: 2 }) });
    await releases.bringUp({ target, epoch: 2, startable: aPodOf(pods.images.good, 'r2') });
  });
  afterAll(() => pods.removeNamespace(namespace));

  it('are those of each release by its own pods, and none where the app answers 404', async () => {
    const { pages } = createClusterPods(aCluster(pods.kubeconfig, [namespace]));
    const asked = { target, namespace, paths: ['/', '/health', '/metrics'] };

    expect(await pages({ ...asked, release: 'r1' })).toEqual([
      ['r1\n', 'ok\n', null],
      ['r1\n', 'ok\n', null],
    ]);
    expect(await pages({ ...asked, release: 'r2' })).toEqual([['r2\n', 'ok\n', null]]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKubernetes, type Neighbour } from '@orchestra/testkit/neighbours';
import { checkCluster } from './check-cluster.ts';

describe('checkCluster', () => {
  let cluster: Neighbour;

  beforeAll(async () => {
    cluster = await startKubernetes();
  });
  afterAll(() => cluster.stop());

  it('finds each namespace that is allowed, or says that it is not there', async () => {
    const checks = await checkCluster({ KUBECONFIG: cluster.url, KUBERNETES_NAMESPACES: 'default,nowhere' });

    expect(checks).toMatchObject([
      { name: 'kubernetes default', state: 'ok' },
      { name: 'kubernetes nowhere', state: 'broken', required: true, seen: expect.stringContaining('nowhere') },
    ]);
  });

  it('misses nothing where no namespace is allowed', async () => {
    expect(await checkCluster({})).toMatchObject([{ name: 'kubernetes', state: 'absent', required: false }]);
  });
});

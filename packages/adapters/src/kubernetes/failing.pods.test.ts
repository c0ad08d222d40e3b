import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPods } from '@orchestra/testkit/neighbours';
import { aCluster, aPodOf } from './a-cluster.fixture.ts';
import { createKubernetesReleases } from './kubernetes-releases.ts';

const target = 'ada/shop/production/web';

describe('real pods that do not come up', () => {
  const pods = joinPods();
  const namespaces: string[] = [];
  const told = { bad: '', absent: '', never: '' };
  let output: string;

  // Each in a namespace of its own, all at once: most of it is waiting.
  beforeAll(async () => {
    await Promise.all([fail('bad', 60_000), fail('absent', 15_000), fail('never', 15_000)]);
  });
  afterAll(() => Promise.all(namespaces.map(async (name) => pods.removeNamespace(name))));

  async function fail(image: 'bad' | 'absent' | 'never', readyTimeoutMs: number): Promise<void> {
    const namespace = await pods.makeNamespace();
    namespaces.push(namespace);
    const releases = createKubernetesReleases(aCluster(pods.kubeconfig, [namespace]))(namespace);
    const startable = aPodOf(pods.images[image], 'r1', { readyTimeoutMs });
    told[image] = await releases.bringUp({ target, epoch: 1, startable }).then(() => 'it came up', String);
    if (image === 'bad') output = await releases.output({ target, release: 'r1' });
  }

  it('are explained by how they ended and by what they printed last, when they keep ending', () => {
    expect(told.bad).toContain('keeps ending');
    expect(told.bad).toContain('BackOff');
    expect(told.bad).toContain('ended with 3 (Error)');
    expect(told.bad).toContain(
      'it printed: reading /etc/shop/database.conf | no such file: the database is not configured',
    );
    expect(output).toContain('no such file: the database is not configured');
  });

  it('are explained by the image that nobody has', () => {
    expect(told.absent).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(told.absent).toContain('localhost/shop');
  });

  it('are explained by the probe that fails, when they run and do not answer', () => {
    expect(told.never).toContain('0 of 1 pods are ready');
    expect(told.never).toContain('Startup probe failed: HTTP probe failed with statuscode: 404');
  });
});

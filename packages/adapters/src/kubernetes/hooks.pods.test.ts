import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPods } from '@orchestra/testkit/neighbours';
import { aCluster, aPodOf } from './a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';

const target = 'ada/shop/production/web';

describe('hooks in real pods', () => {
  const pods = joinPods();
  const startable = aPodOf(pods.images.good, 'r1');
  const asked = { when: 'pre' as const, timeoutMs: 60_000, runId: 'run-1' };
  let namespace: string;
  let releases: KubernetesReleases;

  beforeAll(async () => {
    namespace = await pods.makeNamespace();
    const options = aCluster(pods.kubeconfig, [namespace]);
    releases = createKubernetesReleases({ ...options, kinds: [...options.kinds, 'Job'] })(namespace);
  });
  afterAll(() => pods.removeNamespace(namespace));

  function run(generation: number, script: string): Promise<void> {
    const hook = { ...asked, generation, command: ['/bin/sh', '-c', script] };
    return releases.runHook({ target, epoch: 1, startable, hook });
  }

  it('have the variables of the release, and end well', async () => {
    await expect(run(1, '[ "$VERSION" = r1 ]')).resolves.toBeUndefined();
  });

  it('that fail are told with what they printed last', async () => {
    await expect(run(2, 'echo "migrating"; echo "no such table"; exit 4')).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: expect.stringMatching(/exit code 4 \(Error\); it printed: migrating \| no such table/),
    });
  });
});

import { Readable } from 'node:stream';
import { createKubernetesReleases, kubernetesEnv, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { startFakeNode } from '@orchestra/testkit/neighbours';
import { closeAfterEach } from './close-after-each.ts';
import { givenReleaseInCluster } from './given-cluster-world.ts';
import { unit } from './release-plan.ts';
import { useCluster } from './use-cluster.ts';
import { canaryStory } from './whole-canary.ts';

const open = closeAfterEach();
// It is killed.
const cluster = useCluster({ fresh: true });

const target = 'ada/shop/production/web';

function anImage(release: string, replicas: number) {
  const image = `registry.test/shop:good@sha256:${'a'.repeat(64)}`;
  return {
    release,
    command: [],
    env: { VERSION: release },
    port: 0,
    replicas,
    healthPath: '/health',
    readyTimeoutMs: 20_000,
    openStored: async () => Readable.from([]),
    container: { image, port: 8080, runId: 'run-1', commit: 'c'.repeat(40) },
  };
}

describe('a canary during which the API server is killed and comes back', () => {
  it('goes on where it was in the middle of a move, and nothing has moved meanwhile', async () => {
    const { namespace, stop } = await startFakeNode(cluster.url);
    open.push(stop);
    const env = { KUBECONFIG: cluster.url, KUBERNETES_NAMESPACES: namespace };
    const releases = createKubernetesReleases(toClusterOptions(kubernetesEnv.parse(env)))(namespace);
    await releases.bringUp({ target, epoch: 1, startable: anImage('r1', 3) });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    await releases.bringUp({ target, epoch: 2, startable: anImage('r2', 1) });

    await cluster.kill();
    const shared = releases.share({ target, epoch: 2, weights: { r2: 25, r1: 75 } });
    await cluster.restart();

    expect((await shared).releases).toEqual(
      expect.arrayContaining([
        { release: 'r1', wanted: 3, ready: 3, weight: 75 },
        { release: 'r2', wanted: 1, ready: 1, weight: 25 },
      ]),
    );
  }, 180_000);

  it('goes on when the server is back, and nothing is told twice', async () => {
    const { world } = await givenReleaseInCluster(cluster.url, { open });
    const patient = { stepWatchMs: 2_000, maxWaitMs: 120_000 };
    const second = await world.push({
      version: 'v2',
      deployment: { stepTimeoutMs: 240_000 },
      observability: patient,
    });
    await eventually({
      see: async () => (await world.target()).lane?.state,
      until: (state) => state === 'judging',
      timeoutMs: 60_000,
    });

    await cluster.kill();
    await cluster.restart();

    expect(await world.ended(second, unit.deploy)).toEqual({ status: 'success', reason: 'watched' });
    expect(await world.shares()).toEqual({ r2: 100 });
    expect(await world.story(second)).toEqual(['code_push', 'build_ready', ...canaryStory]);
  }, 180_000);
});

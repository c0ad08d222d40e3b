import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTraffic, untilShare, type Traffic } from '@orchestra/testkit';
import { joinPods } from '@orchestra/testkit/neighbours';
import { aCluster, aPodOf } from './a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';

const target = 'ada/shop/production/web';

describe('a canary of real pods, under traffic', () => {
  const pods = joinPods();
  let namespace: string;
  let releases: KubernetesReleases;
  let traffic: Traffic;

  beforeEach(async () => {
    namespace = await pods.makeNamespace();
    releases = createKubernetesReleases({ ...aCluster(pods.kubeconfig, [namespace]), deadlineMs: 60_000 })(namespace);
    await releases.bringUp({ target, epoch: 1, startable: aPodOf(pods.images.good, 'r1', { replicas: 4 }) });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    traffic = startTraffic(await pods.reach(namespace, 'web'), { users: 2 });
  });
  afterEach(async () => {
    await traffic.stop();
    await pods.removeNamespace(namespace);
  });

  it('gets about the share of each step, and no request fails on the way', async () => {
    await releases.bringUp({ target, epoch: 2, startable: aPodOf(pods.images.good, 'r2', { replicas: 4 }) });
    expect([...traffic.seen.bodies]).toEqual(['r1']);

    const shares: number[] = [];
    for (const percent of [20, 50, 100]) {
      await releases.share({ target, epoch: 2, weights: { r2: percent, r1: 100 - percent } });
      shares.push(Math.round(await untilShare(traffic, { body: 'r2', percent })));
    }
    await traffic.stop();

    const { answered, failed } = traffic.seen;
    process.stderr.write(`canary at 20, 50, 100 %: ${shares.join(', ')} % of ${answered}, ${failed.length} failed\n`);
    expect(failed).toEqual([]);
  });

  it('goes on when the API server is killed during a step, and users do not notice', async () => {
    await releases.bringUp({ target, epoch: 2, startable: aPodOf(pods.images.good, 'r2') });

    pods.killServer();
    const shared = await releases.share({ target, epoch: 2, weights: { r2: 20, r1: 80 } });
    await untilShare(traffic, { body: 'r2', percent: 20 });
    await traffic.stop();

    expect(shared.releases).toContainEqual({ release: 'r1', wanted: 4, ready: 4, weight: 80 });
    expect(shared.releases).toContainEqual({ release: 'r2', wanted: 1, ready: 1, weight: 20 });
    expect(traffic.seen.failed).toEqual([]);
  });
});

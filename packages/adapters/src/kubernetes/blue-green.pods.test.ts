import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startTraffic, untilShare } from '@orchestra/testkit';
import { joinPods } from '@orchestra/testkit/neighbours';
import { aCluster, aPodOf } from './a-cluster.fixture.ts';
import { createKubernetesReleases } from './kubernetes-releases.ts';

const target = 'ada/shop/production/web';

describe('two colours of real pods, under traffic', () => {
  const pods = joinPods();
  let namespace: string;

  beforeEach(async () => {
    namespace = await pods.makeNamespace();
  });
  afterEach(() => pods.removeNamespace(namespace));

  it('are changed at once, and the old one is back in service without a start', async () => {
    const releases = createKubernetesReleases(aCluster(pods.kubeconfig, [namespace]))(namespace);
    const blue = aPodOf(pods.images.good, 'blue', { replicas: 2 });
    const green = aPodOf(pods.images.good, 'green', { replicas: 2 });
    await releases.bringUp({ target, epoch: 1, startable: blue });
    await releases.share({ target, epoch: 1, weights: { blue: 100 } });
    const traffic = startTraffic(await pods.reach(namespace, 'web'), { users: 2 });
    await releases.bringUp({ target, epoch: 2, startable: green });
    await releases.share({ target, epoch: 2, weights: { green: 100 } });
    await untilShare(traffic, { body: 'green', percent: 100 });

    const before = traffic.seen.counts.get('blue') ?? 0;
    const begunAt = performance.now();
    const returning = releases.giveBack({ target, epoch: 3, to: blue });
    await eventually({
      see: () => traffic.seen.counts.get('blue') ?? 0,
      until: (count) => count > before,
      timeoutMs: 60_000,
    });
    const ms = Math.round(performance.now() - begunAt);
    const back = await returning;
    await releases.retire({ target, epoch: 3, releases: ['green'] });
    await untilShare(traffic, { body: 'blue', percent: 100 });
    await traffic.stop();

    const { answered, failed } = traffic.seen;
    process.stderr.write(`blue back in service after ${ms} ms; ${failed.length} of ${answered} requests failed\n`);
    expect(back.releases).toContainEqual({ release: 'blue', wanted: 2, ready: 2, weight: 100 });
    expect(failed).toEqual([]);
  });
});

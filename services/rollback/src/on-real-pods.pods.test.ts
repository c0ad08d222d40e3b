import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKubernetesReleases, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { readWorldKey, worldKey, type Manifest, type Target } from '@orchestra/contracts';
import { createMemoryArtifacts, eventually, receive, startTraffic } from '@orchestra/testkit';
import { joinPods } from '@orchestra/testkit/neighbours';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';
import { aCanary, alert, givenWorld, released } from './world.fixture.ts';

describe('a rollback of real pods, under load', () => {
  const pods = joinPods();
  let namespace: string;

  beforeEach(async () => {
    namespace = await pods.makeNamespace();
  });
  afterEach(() => pods.removeNamespace(namespace));

  function manifestOf(release: string): Manifest {
    const [, artifactDigest = ''] = pods.images.good.split('@');
    const container = { namespace, image: pods.images.good, port: 8080, runId: 'run-1', commit: 'c' };
    const how = { replicas: 2, healthPath: '/health', metricsPath: null, readyTimeoutMs: 60_000 };
    return { artifactDigest, command: [], env: { VERSION: release }, port: 80, ...how, container };
  }

  /** The releases of a target have so much of the traffic of users, who are asking. */
  async function givenLoad(target: Target, weights: Readonly<Record<string, number>>) {
    const lane = target.lane === null ? null : { ...target.lane, manifest: manifestOf(target.lane.release) };
    const history = target.history.map((one) => ({ ...one, manifest: manifestOf(one.release) }));
    const world = givenWorld({ target: { ...target, lane, history } });
    const own = settings.parse({ KUBECONFIG: pods.kubeconfig, KUBERNETES_NAMESPACES: namespace });
    const key = readWorldKey(worldKey(world.state.target)).target;
    const releases = createKubernetesReleases(toClusterOptions(own))(namespace);
    const move = { target: key, epoch: target.epoch };
    for (const release of Object.keys(weights)) {
      await releases.bringUp({ ...move, startable: { ...manifestOf(release), release } });
      await releases.share({ ...move, weights: { [release]: 100 } });
    }
    await releases.share({ ...move, weights });
    const traffic = startTraffic(await pods.reach(namespace, 'web'), { users: 2 });
    const count = (release: string) => traffic.seen.counts.get(release) ?? 0;
    await eventually({ see: () => count('r2'), until: (answers) => answers > 20 });
    const around = { ...world.around, artifacts: createMemoryArtifacts() };
    const service = createService(createPorts(own));
    return {
      traffic,
      count,
      look: async () => releases.look(key),
      roll: async () => receive(service, { topic: 'observability_alert', data: alert, ...around }),
    };
  }

  it('gives the traffic of a canary back, and no request of a user fails', async () => {
    const { traffic, count, look, roll } = await givenLoad(aCanary(), { r1: 50, r2: 50 });

    const begunAt = performance.now();
    const result = await roll();
    const ms = Math.round(performance.now() - begunAt);
    const servedBefore = count('r1');
    await eventually({ see: () => count('r1'), until: (served) => served > servedBefore });
    await traffic.stop();

    const { answered, failed } = traffic.seen;
    process.stderr.write(`canary taken back in ${ms} ms; ${failed.length} of ${answered} requests failed\n`);
    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
    expect(await look()).toMatchObject({ releases: [{ release: 'r1', ready: 2, wanted: 2, weight: 100 }] });
    expect(failed).toEqual([]);
  });

  it('starts the release before, of which no pod is left, and routes to it when it is ready', async () => {
    const { traffic, count, look, roll } = await givenLoad(released(aCanary(), 2), { r2: 100 });
    expect(count('r1')).toBe(0);

    const begunAt = performance.now();
    const result = await roll();
    const ms = Math.round(performance.now() - begunAt);
    await eventually({ see: () => count('r1'), until: (answers) => answers > 20 });
    await traffic.stop();

    const { answered, failed } = traffic.seen;
    process.stderr.write(`release started and brought back in ${ms} ms; ${failed.length} of ${answered} failed\n`);
    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
    expect(await look()).toMatchObject({ releases: [{ release: 'r1', ready: 2, wanted: 2, weight: 100 }] });
    expect(failed).toEqual([]);
  });
});

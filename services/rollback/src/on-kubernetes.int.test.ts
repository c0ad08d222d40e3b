import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readWorldKey, worldKey, type Manifest, type Target } from '@orchestra/contracts';
import { createMemoryArtifacts, receive } from '@orchestra/testkit';
import { createKubernetesReleases, toClusterOptions } from '@orchestra/adapters/kubernetes';
import {
  listObjects,
  startFakeNode,
  startKubernetes,
  type FakeNode,
  type Neighbour,
} from '@orchestra/testkit/neighbours';
import { z } from 'zod';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';
import { aCanary, alert, givenWorld, released } from './world.fixture.ts';

const releaseLabel = 'devops-orchestra.io/release';
const serviceSchema = z.object({ spec: z.object({ selector: z.record(z.string(), z.string()) }) });

describe('a rollback on Kubernetes', () => {
  let cluster: Neighbour;
  let node: FakeNode;

  beforeAll(async () => {
    cluster = await startKubernetes();
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    node = await startFakeNode(cluster.url);
  });
  afterEach(() => node.stop());

  function manifestOf(tag: string): Manifest {
    const image = `registry.test/shop:${tag}@sha256:${'d'.repeat(64)}`;
    const container = { namespace: node.namespace, image, port: 8080, runId: 'run-1', commit: 'c' };
    const how = { replicas: 2, healthPath: '/health', metricsPath: null, readyTimeoutMs: 4_000 };
    return { artifactDigest: `sha256:${'d'.repeat(64)}`, command: [], env: {}, port: 80, ...how, container };
  }

  /** r2 has all the traffic of the namespace, and of r1 nothing is left. */
  async function givenServing(older: Manifest) {
    const both: Target = released(aCanary(), 2);
    const history = both.history.map((one) => ({
      ...one,
      manifest: one.release === 'r1' ? older : manifestOf('good'),
    }));
    const world = givenWorld({ target: { ...both, history } });
    const own = settings.parse({ KUBECONFIG: cluster.url, KUBERNETES_NAMESPACES: node.namespace });
    const { target } = readWorldKey(worldKey(world.state.target));
    const releases = createKubernetesReleases(toClusterOptions(own))(node.namespace);
    const move = { target, epoch: both.epoch };
    await releases.bringUp({ ...move, startable: { ...manifestOf('good'), release: 'r2' } });
    await releases.share({ ...move, weights: { r2: 100 } });
    const artifacts = createMemoryArtifacts();
    const roll = async () =>
      receive(createService(createPorts(own)), {
        topic: 'observability_alert',
        data: alert,
        ...world.around,
        artifacts,
      });
    return { roll, look: async () => releases.look(target) };
  }

  it('starts the release before from its image, gives it the traffic, and removes what was bad', async () => {
    const { roll, look } = await givenServing(manifestOf('good'));

    const result = await roll();

    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
    expect(await look()).toMatchObject({ releases: [{ release: 'r1', ready: 2, wanted: 2, weight: 100 }] });
  });

  /** Which release the Service has selected at any moment until something is done. */
  async function selectedUntil(done: Promise<unknown>): Promise<string[]> {
    const seen = new Set<string>();
    const over = new AbortController();
    const ended = done.finally(() => over.abort());
    while (!over.signal.aborted) {
      const services = await listObjects(cluster.url, { apiVersion: 'v1', kind: 'Service', namespace: node.namespace });
      for (const service of services) seen.add(serviceSchema.parse(service).spec.selector[releaseLabel] ?? 'all');
    }
    await ended;
    return [...seen];
  }

  // The outage of flagger#1898: the traffic was sent to what had no pod that was ready.
  it.each(['absent', 'never'])(
    'never routes to something that is not ready (flagger#1898), and calls people: %s',
    async (tag) => {
      const { roll, look } = await givenServing(manifestOf(tag));

      const rolling = roll();
      const selected = await selectedUntil(rolling);

      expect(await rolling).toMatchObject({
        status: 'error',
        reason: 'restore_failed',
        target: { target: { blocked: {} } },
      });
      expect(selected).toEqual(['r2']);
      expect((await look())?.releases).toContainEqual({ release: 'r2', ready: 2, wanted: 2, weight: 100 });
    },
  );
});

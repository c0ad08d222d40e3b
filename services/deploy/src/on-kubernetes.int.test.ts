import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTarget, worldKey, type Plan } from '@orchestra/contracts';
import { aContext, aPlan } from '@orchestra/testkit';
import { startFakeNode, startKubernetes, type FakeNode, type Neighbour } from '@orchestra/testkit/neighbours';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { keepTarget } from './kept-target.fixture.ts';
import { place } from './released.fixture.ts';
import { createService } from './service.ts';

const digest = `sha256:${'d'.repeat(64)}`;

describe('a rollout on Kubernetes', () => {
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

  function givenPlan(): Plan {
    return aPlan(`
build: { tool: docker, image: registry.test/shop }
deployment:
  provider: kubernetes
  namespace: ${node.namespace}
  services: [{ name: web, port: 80, replicas: 2, ready_timeout_seconds: 4 }]
`);
  }

  function givenRun(tag: string, namespaces = node.namespace) {
    const ports = createPorts(settings.parse({ KUBECONFIG: cluster.url, KUBERNETES_NAMESPACES: namespaces }));
    const { state, ...kept } = keepTarget(createTarget(place));
    const { slices } = aContext('deploy').run;
    const reference = `registry.test/shop:${tag}@${digest}`;
    const artifact = { name: 'shop', kind: 'IMAGE' as const, digest, sizeBytes: 1, reference };
    const build = { ...slices.build, result: { tool: 'docker', artifacts: [artifact], durationMs: 1 } };
    const context = aContext('deploy', {
      plan: givenPlan(),
      job: { unit: 'deploy/production/web' },
      run: { repository: 'acme/shop', slices: { ...slices, build } },
      ...kept,
    });
    return { ports, state, begin: async () => createService(ports).gate?.handle(context) };
  }

  it('brings the image to the namespace, where it has the traffic', async () => {
    const { ports, state, begin } = givenRun('good');

    const result = await begin();

    expect(result).toMatchObject({
      kind: 'end',
      reason: 'judging',
      notes: [],
      events: [{ data: { phase: 'STEP', url: `http://web.${node.namespace}.svc:80` } }],
    });
    const seen = await ports.releases.look(worldKey(state.target));
    expect(seen).toMatchObject({
      epoch: state.target.epoch,
      releases: [{ release: 'r1', ready: 2, wanted: 2, weight: 100 }],
    });
    expect(state.target.lane?.manifest.container).toMatchObject({ namespace: node.namespace, port: 8080 });
  });

  it('fails with what is wrong with the pods', async () => {
    const { begin } = givenRun('absent');

    const result = await begin();

    expect(result).toMatchObject({
      events: [{ data: { phase: 'FAILED', reason: 'release_not_ready' } }],
      target: { target: { lane: { state: 'failing' } } },
    });
    expect(JSON.stringify(result)).toContain('ImagePullBackOff');
  });

  it('does not take the lane for a namespace that the installation does not allow', async () => {
    const { state, begin } = givenRun('good', 'another');

    await expect(begin()).rejects.toMatchObject({ code: 'TARGET_DENIED', retriable: false });

    expect(state.target.lane).toBeNull();
  });
});

import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import { startArgoRollouts, startFakeNode, startKubernetes, type FakeNode } from '@orchestra/testkit/neighbours';
import { aCluster, withFiles, type WithImage } from '../a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from '../kubernetes-releases.ts';
import { beside, ofRollout, rolloutFile } from './rollout-files.fixture.ts';

const target = 'ada/shop/production/web';
const argo = { group: 'argoproj.io', version: 'v1alpha1' };
const kinds = ['ConfigMap', 'Deployment', 'Service', 'Rollout'];
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const longPause = [{ setWeight: 50 }, { pause: {} }];
const first = ofRollout('r1');
const second = ofRollout('r2', 'good', 'b');

// What the played controller of the other tiers does is held to what this one does.
describe('an Argo Rollout under its own controller', () => {
  const started: { stop(): Promise<void> }[] = [];
  let kubeconfig: string;
  let api: CustomObjectsApi;
  let core: CoreV1Api;
  let apps: AppsV1Api;
  let node: FakeNode;
  let releases: KubernetesReleases;

  beforeAll(async () => {
    const cluster = await startKubernetes();
    started.push(cluster);
    kubeconfig = cluster.url;
    started.push(await startArgoRollouts(kubeconfig));
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    api = config.makeApiClient(CustomObjectsApi);
    core = config.makeApiClient(CoreV1Api);
    apps = config.makeApiClient(AppsV1Api);
  }, 3_600_000);
  afterAll(async () => {
    for (const one of started.toReversed()) await one.stop();
  });
  beforeEach(async () => {
    node = await startFakeNode(kubeconfig);
    const options = { ...aCluster(kubeconfig, [node.namespace]), kinds };
    releases = createKubernetesReleases(options)(node.namespace, 'web');
  });
  afterEach(async () => node.stop());

  function named() {
    return { ...argo, plural: 'rollouts', namespace: node.namespace, name: 'web' };
  }

  async function serve(strategy: object): Promise<void> {
    const labels = { app: 'web' };
    const containers = [{ name: 'app', image: first.container.image }];
    const body = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        progressDeadlineSeconds: 5,
        selector: { matchLabels: labels },
        strategy,
        template: { metadata: { labels }, spec: { containers } },
      },
    };
    await api.createNamespacedCustomObject({ ...named(), body });
  }

  async function setSteps(steps: readonly object[]): Promise<void> {
    await api.patchNamespacedCustomObject({ ...named(), body: { spec: { strategy: { canary: { steps } } } } }, merge);
  }

  async function bring(epoch: number, startable: WithImage): Promise<void> {
    await releases.bringUp({ target, epoch, startable });
  }

  async function countVersions(): Promise<number> {
    return (await apps.listNamespacedReplicaSet({ namespace: node.namespace })).items.length;
  }

  async function selector(): Promise<unknown> {
    return (await core.readNamespacedService({ name: 'web', namespace: node.namespace })).spec?.selector;
  }

  it('takes a release through its steps, and the former one back without them', async () => {
    await serve({ canary: { steps: [{ setWeight: 50 }, { pause: { duration: '3s' } }] } });
    await bring(1, first);
    // What served before is another version: its pods have no labels of a release.
    expect(await countVersions()).toBe(2);

    const bringing = bring(2, second);
    const halfway = await eventually({
      see: () => releases.look(target),
      until: (seen) => seen?.releases.some(({ release, weight }) => release === 'r2' && weight === 50) === true,
    });
    await bringing;
    const served = await releases.share({ target, epoch: 2, weights: { r2: 100 } });

    expect(halfway?.releases).toContainEqual({ release: 'r1', ready: 1, wanted: 0, weight: 50 });
    expect(served.releases).toEqual([
      { release: 'r2', ready: 2, wanted: 2, weight: 100 },
      { release: 'r1', ready: 0, wanted: 0, weight: 0 },
    ]);
    await setSteps(longPause);

    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('that stays paused says at which step, and is taken back', async () => {
    await serve({ canary: { steps: [] } });
    await bring(1, first);
    await setSteps(longPause);

    await expect(bring(2, { ...second, readyTimeoutMs: 5_000 })).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringContaining('Paused at step 2 of 2: CanaryPauseStep'),
    });
    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('whose pods do not come up is Degraded, and is taken back', async () => {
    await serve({ canary: { steps: [] } });
    await bring(1, first);

    await expect(bring(2, ofRollout('r2', 'bad', 'b'))).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringMatching(/is Degraded: ProgressDeadlineExceeded.*CrashLoopBackOff/),
    });
    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('whose analysis fails is aborted, says by what, and is taken back', async () => {
    const containers = [{ name: 'app', image: first.container.image, command: ['fail'] }];
    const job = { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers } } } };
    const metadata = { name: 'smoke' };
    const body = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisTemplate',
      metadata,
      spec: { metrics: [{ name: 'smoke', provider: { job } }] },
    };
    await api.createNamespacedCustomObject({ ...argo, plural: 'analysistemplates', namespace: node.namespace, body });
    await serve({ canary: { steps: [] } });
    await bring(1, first);
    await setSteps([{ setWeight: 50 }, { analysis: { templates: [{ templateName: 'smoke' }] } }, { pause: {} }]);

    await expect(bring(2, second)).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringMatching(/was aborted: .*smoke/),
    });
    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('that somebody aborts is no success, and gets the next release all the same', async () => {
    await serve({ canary: { steps: [] } });
    await bring(1, first);
    await setSteps(longPause);

    const bringing = bring(2, second).catch((error: unknown) => error);
    await eventually({
      see: () => api.getNamespacedCustomObject(named()),
      until: (seen) => JSON.stringify(seen).includes('CanaryPauseStep'),
    });
    await api.patchNamespacedCustomObjectStatus({ ...named(), body: { status: { abort: true } } }, merge);

    expect(await bringing).toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringContaining('was aborted: RolloutAborted'),
    });
    const looked = await releases.look(target);
    expect(looked?.releases).toContainEqual(expect.objectContaining({ release: 'r2', weight: 0 }));
    await releases.giveBack({ target, epoch: 3, to: first });
    await setSteps([]);
    await bring(4, ofRollout('r3', 'good', 'c'));
    const now = await releases.look(target);
    expect(now?.releases).toContainEqual({ release: 'r3', ready: 2, wanted: 2, weight: 100 });
  });

  it('of two colours is switched by its controller, and switched back past its pause', async () => {
    const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] };
    for (const name of ['web', 'web-preview']) {
      await core.createNamespacedService({ namespace: node.namespace, body: { metadata: { name }, spec } });
    }
    await serve({ blueGreen: { activeService: 'web', previewService: 'web-preview' } });
    await bring(1, first);
    await bring(2, second);
    const body = { spec: { strategy: { blueGreen: { autoPromotionEnabled: false } } } };
    await api.patchNamespacedCustomObject({ ...named(), body }, merge);

    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('of files is made by its first release, and its Services keep what its controller selects', async () => {
    const account = { metadata: { name: 'shop' } };
    await core.createNamespacedServiceAccount({ namespace: node.namespace, body: account });
    const [one, two] = [ofFiles(first), ofFiles(second)];
    await releases.prepare({ target, epoch: 1, startable: one });
    await bring(1, one);
    await releases.prepare({ target, epoch: 2, startable: two });
    await bring(2, two);

    const served = await releases.share({ target, epoch: 2, weights: { r2: 100 } });
    expect(served.releases).toContainEqual({ release: 'r2', ready: 2, wanted: 2, weight: 100 });
    const chosen = await selector();
    expect(chosen).toEqual({ app: 'web', 'rollouts-pod-template-hash': expect.any(String) });
    await releases.prepare({ target, epoch: 3, startable: ofFiles(ofRollout('r3', 'good', 'c')) });
    expect(await selector()).toEqual(chosen);

    const back = await releases.giveBack({ target, epoch: 4, to: one });

    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });
});

function ofFiles(startable: WithImage): WithImage {
  return withFiles(startable, (image) => `${beside('info')}${rolloutFile(image, 0)}`);
}

import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/runtime';
import { addCustomKinds, startFakeNode, startKubernetes, type Neighbour } from '@orchestra/testkit/neighbours';
import { aCluster, anImage, withFiles, type WithImage } from './a-cluster.fixture.ts';
import { playRollout, type PlayedRollout } from './argo/a-rollout.fixture.ts';
import { beside, filled, ofRollout, rolloutFile } from './argo/rollout-files.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';
import { deployment, front, settings } from './own-files.fixture.ts';
import { useCluster } from './use-cluster.fixture.ts';

const target = 'ada/shop/production/web';
const kinds = ['Deployment', 'Service', 'ConfigMap', 'Job', 'Rollout'];
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

function withObjects(release: string, text: (image: string) => string): WithImage {
  return withFiles(anImage(release), text);
}

/** A Deployment beside its settings, as they were at one time. */
function withLevel(release: string, level: string): WithImage {
  return withObjects(release, (image) => `${deployment(image)}${settings(level)}`);
}

/** A Rollout beside its settings. */
function withSteps(release: WithImage, steps: number): WithImage {
  return withFiles(release, (image) => `${beside('info')}${rolloutFile(image, steps)}`);
}

async function startWithKinds(): Promise<Neighbour> {
  const started = await startKubernetes();
  await addCustomKinds(started.url);
  return started;
}

describe('the objects of the files of a deployment', () => {
  const cluster = useCluster({ startKubernetes: startWithKinds, startFakeNode });
  let releases: KubernetesReleases;

  beforeEach(async () => {
    releases = createKubernetesReleases({ ...aCluster(cluster.url, [cluster.namespace]), kinds })(cluster.namespace);
  });

  async function serve(epoch: number, startable: WithImage): Promise<void> {
    await releases.rehearse({ target, startable, before: null });
    await releases.prepare({ target, epoch, startable });
    await releases.bringUp({ target, epoch, startable });
    await releases.share({ target, epoch, weights: { [startable.release]: 100 } });
  }

  async function readLevel() {
    const found = await cluster.core.readNamespacedConfigMap({ name: 'settings', namespace: cluster.namespace });
    return { level: found.data?.['LEVEL'], labels: found.metadata?.labels };
  }

  it('are applied with labels, and the Deployment is the template of the release', async () => {
    await serve(
      1,
      withObjects('r1', (image) => `${deployment(image, 'main')}${front}${settings('info')}`),
    );

    const labels = { 'devops-orchestra.io/run': 'run-1', 'devops-orchestra.io/release': 'r1' };
    expect(await readLevel()).toEqual({ level: 'info', labels: expect.objectContaining(labels) });
    const { items } = await cluster.apps.listNamespacedDeployment({ namespace: cluster.namespace });
    expect(items).toMatchObject([
      {
        metadata: { name: expect.stringMatching(/^web-\w+-r1$/), labels: { team: 'shop', ...labels } },
        spec: {
          replicas: 1,
          selector: { matchLabels: { 'devops-orchestra.io/release': 'r1' } },
          template: {
            metadata: { labels: { app: 'web', ...labels } },
            spec: {
              terminationGracePeriodSeconds: 7,
              containers: [
                {
                  env: [
                    { name: 'A', value: 'b' },
                    { name: 'VERSION', value: 'r1' },
                  ],
                  readinessProbe: { httpGet: { path: '/health', port: 'main' } },
                },
              ],
            },
          },
        },
      },
    ]);
    const service = await cluster.core.readNamespacedService({ name: 'web', namespace: cluster.namespace });
    expect(service.spec).toMatchObject({
      ports: [{ name: 'users', port: 8000, targetPort: 'main' }],
      selector: { 'devops-orchestra.io/release': 'r1' },
    });
    expect(service.spec?.selector).not.toHaveProperty('app');
  });

  it('are tried first: what the cluster or a list refuses leaves no trace', async () => {
    const misspelt = withObjects(
      'r1',
      (image) => `${deployment(image, 'http', ', imagePullPolice: Always')}${settings('info')}`,
    );
    const secret = withObjects(
      'r1',
      (image) => `${deployment(image)}\n---\napiVersion: v1\nkind: Secret\nmetadata: { name: db }\n`,
    );

    await expect(releases.rehearse({ target, startable: misspelt, before: null })).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringContaining('imagePullPolice'),
    });
    await expect(releases.rehearse({ target, startable: secret, before: null })).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringContaining('Secret db'),
    });

    const { namespace } = cluster;
    expect((await cluster.apps.listNamespacedDeployment({ namespace })).items).toEqual([]);
    expect((await cluster.core.listNamespacedService({ namespace })).items).toEqual([]);
    expect(
      (await cluster.core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name),
    ).not.toContain('settings');
  });

  it('that somebody else manages are a conflict that names the field and the manager', async () => {
    const { namespace } = cluster;
    const body = { metadata: { name: 'settings' }, data: { LEVEL: 'debug' } };
    await cluster.core.createNamespacedConfigMap({ namespace, body, fieldManager: 'kubectl-edit' });
    const startable = withLevel('r1', 'info');

    const trying = releases.rehearse({ target, startable, before: null });

    await expect(trying).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringMatching(/ConfigMap settings: \.data\.LEVEL is managed by kubectl-edit.*--force-conflicts/),
    });
    await expect(releases.prepare({ target, epoch: 1, startable })).rejects.toMatchObject({ code: 'TARGET_DENIED' });
    expect(await readLevel()).toMatchObject({ level: 'debug' });
  });

  it('are not changed by an older move, nor are those of another target', async () => {
    await serve(2, withLevel('r1', 'info'));
    const startable = withLevel('r2', 'old');

    await expect(releases.prepare({ target, epoch: 1, startable })).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
    const other = 'ada/other/production/web';
    await expect(releases.rehearse({ target: other, startable, before: null })).rejects.toMatchObject({
      message: expect.stringContaining('belongs to ada/shop/production/web'),
    });
    expect(await readLevel()).toMatchObject({ level: 'info' });
  });

  it('come back with the release that they came with, over what others changed', async () => {
    const first = withLevel('r1', 'info');
    await serve(1, first);
    await serve(2, withLevel('r2', 'warn'));
    await cluster.core.patchNamespacedConfigMap(
      {
        name: 'settings',
        namespace: cluster.namespace,
        body: { data: { LEVEL: 'mine' } },
        fieldManager: 'kubectl-edit',
      },
      merge,
    );

    await releases.giveBack({ target, epoch: 3, to: first });

    expect(await readLevel()).toMatchObject({ level: 'info', labels: { 'devops-orchestra.io/release': 'r1' } });
  });

  it('that are in the files no longer stay, and are told', async () => {
    const before = withLevel('r1', 'info');
    const startable = withObjects('r2', (image) => deployment(image));

    expect(await releases.rehearse({ target, startable, before })).toEqual(['ConfigMap settings']);
  });

  it('have hooks that run once for a generation of a run, with their fate in the reason', async () => {
    const startable = anImage('r1');
    const hook = { when: 'pre' as const, command: ['migrate'], timeoutMs: 30_000, runId: 'run-1', generation: 1 };

    await releases.runHook({ target, epoch: 1, startable, hook });
    await releases.runHook({ target, epoch: 2, startable, hook });
    const failing = releases.runHook({
      target,
      epoch: 2,
      startable,
      hook: { ...hook, generation: 2, command: ['fail'] },
    });

    await expect(failing).rejects.toMatchObject({
      code: 'HOOK_FAILED',
      message: expect.stringContaining('exit code 1 (Error)'),
    });
    const { items } = await cluster.batch.listNamespacedJob({ namespace: cluster.namespace });
    expect(items).toHaveLength(2);
    expect(items[0]?.spec).toMatchObject({
      backoffLimit: 0,
      template: { spec: { containers: [{ env: expect.anything() }] } },
    });
    expect((await cluster.apps.listNamespacedDeployment({ namespace: cluster.namespace })).items).toEqual([]);
  });

  describe('of a service that is an Argo Rollout', () => {
    let rollout: PlayedRollout;

    async function playing(image: string | null): Promise<void> {
      rollout = await playRollout(cluster.url, { namespace: cluster.namespace, image });
      const options = { ...aCluster(cluster.url, [cluster.namespace]), kinds };
      releases = createKubernetesReleases(options)(cluster.namespace, rollout.name);
    }
    afterEach(() => rollout.stop());

    it('brings what stands beside it and runs its hooks, and leaves its controller the selector', async () => {
      const first = ofRollout('r1', 'slow');
      await playing(first.container.image);
      const named = { name: 'web', namespace: cluster.namespace };
      const second = withFiles(ofRollout('r2', 'good', 'b'), () => beside('info'));
      const third = withFiles(ofRollout('r3', 'good', 'c'), () => beside('warn'));
      await releases.bringUp({ target, epoch: 1, startable: first });
      await releases.rehearse({ target, startable: second, before: first });
      await releases.prepare({ target, epoch: 2, startable: second });
      await releases.bringUp({ target, epoch: 2, startable: second });
      const body = { spec: { selector: { 'rollouts-pod-template-hash': 'abc' } } };
      await cluster.core.patchNamespacedService({ ...named, body, fieldManager: 'rollouts-controller' }, merge);

      expect(await releases.rehearse({ target, startable: third, before: second })).toEqual([]);
      await releases.prepare({ target, epoch: 3, startable: third });
      const hook = { when: 'pre' as const, command: ['migrate'], timeoutMs: 30_000, runId: 'run-1', generation: 1 };
      await releases.runHook({ target, epoch: 3, startable: third, hook });

      const service = await cluster.core.readNamespacedService(named);
      expect(service.spec?.selector).toEqual({ app: 'web', 'rollouts-pod-template-hash': 'abc' });
      expect(await readLevel()).toMatchObject({ level: 'warn' });
      const { items } = await cluster.batch.listNamespacedJob({ namespace: cluster.namespace });
      const container = { command: ['migrate'], image: third.container.image };
      expect(items).toMatchObject([{ spec: { template: { spec: { containers: [container] } } } }]);
      expect(await rollout.image()).toBe(second.container.image);

      await releases.giveBack({ target, epoch: 4, to: second });

      expect(await readLevel()).toMatchObject({ level: 'info' });
      const late = releases.prepare({ target, epoch: 3, startable: third });
      await expect(late).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
    });

    it('goes back also where its files are lost, and that is said', async () => {
      const first = ofRollout('r1', 'slow');
      await playing(first.container.image);
      await releases.bringUp({ target, epoch: 1, startable: first });
      await releases.bringUp({ target, epoch: 2, startable: ofRollout('r2', 'good', 'b') });
      const gone = new OrchestraError('ARTIFACT_MISSING', 'The objects are gone');
      const lost = { ...withSteps(first, 1), openStored: async () => Promise.reject(gone) };

      const back = releases.giveBack({ target, epoch: 3, to: lost });

      await expect(back).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
      expect(await rollout.image()).toBe(first.container.image);
    });

    it('is made without pods, becomes each release as a whole, and goes back as a whole', async () => {
      await playing(null);
      const first = withSteps(ofRollout('r1', 'slow'), 1);
      const second = withSteps(ofRollout('r2', 'good', 'b'), 3);
      expect(await releases.rehearse({ target, startable: first, before: null })).toEqual([]);
      await expect(rollout.read()).rejects.toMatchObject({ code: 404 });

      await releases.prepare({ target, epoch: 1, startable: first });
      expect(await rollout.read()).toMatchObject({ spec: { replicas: 0 } });
      await releases.bringUp({ target, epoch: 1, startable: first });
      expect(await rollout.read()).toMatchObject(filled('r1', first, 1));

      expect(await releases.rehearse({ target, startable: second, before: first })).toEqual([]);
      await releases.prepare({ target, epoch: 2, startable: second });
      await releases.bringUp({ target, epoch: 2, startable: second });
      expect(await rollout.read()).toMatchObject(filled('r2', second, 3));

      const back = await releases.giveBack({ target, epoch: 3, to: first });

      expect(await rollout.read()).toMatchObject(filled('r1', first, 1));
      expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
      const late = releases.bringUp({ target, epoch: 2, startable: second });
      await expect(late).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
    });
  });
});

import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeNode, startKubernetes } from '@orchestra/testkit/neighbours';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { aCluster, anImage, type WithImage } from './a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';
import { useCluster } from './use-cluster.fixture.ts';

const target = 'ada/shop/production/web';
const kinds = ['Deployment', 'Service', 'ConfigMap', 'Job'];

function deployment(image: string, port = 'http', more = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { team: shop } }
spec:
  replicas: 5
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 7
      containers: [{ name: web, image: "${image}", ports: [{ name: ${port}, containerPort: 3000 }], env: [{ name: A, value: b }]${more} }]
`;
}

const front = `
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: users, port: 8000, targetPort: main }] }
`;

function settings(level: string): string {
  return `\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: ${level} }\n`;
}

function withObjects(
  release: string,
  text: (image: string) => string,
): WithImage & { openStored: () => Promise<Readable> } {
  const startable = anImage(release);
  const stream = text(startable.container.image);
  const digest = `sha256:${createHash('sha256').update(stream).digest('hex')}`;
  const container = { ...startable.container, objects: { digest, services: ['web'] } };
  return { ...startable, container, openStored: async () => Readable.from([Buffer.from(stream)]) };
}

/** A Deployment beside its settings, as they were at one time. */
function withLevel(release: string, level: string): ReturnType<typeof withObjects> {
  return withObjects(release, (image) => `${deployment(image)}${settings(level)}`);
}

describe('the objects of the files of a deployment', () => {
  const cluster = useCluster({ startKubernetes, startFakeNode });
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
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
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
});

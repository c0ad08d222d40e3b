import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeNode, startKubernetes } from '@orchestra/testkit/neighbours';
import { aCluster, anImage } from './a-cluster.fixture.ts';
import { createClusterPods } from './pods/cluster-pods.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';
import { useCluster } from './use-cluster.fixture.ts';

const target = 'ada/shop/production/web';

describe('releases in a namespace of a cluster', () => {
  const cluster = useCluster({ startKubernetes, startFakeNode });
  let releases: KubernetesReleases;

  beforeEach(async () => {
    releases = createKubernetesReleases(aCluster(cluster.url, [cluster.namespace]))(cluster.namespace);
  });

  async function serve(epoch: number, release: string, replicas = 1): Promise<void> {
    await releases.bringUp({ target, epoch, startable: anImage(release, 'good', { replicas }) });
    await releases.share({ target, epoch, weights: { [release]: 100 } });
  }

  async function listDeployments() {
    const { items } = await cluster.apps.listNamespacedDeployment({ namespace: cluster.namespace });
    return items;
  }

  async function readSelector() {
    const service = await cluster.core.readNamespacedService({ name: 'web', namespace: cluster.namespace });
    return service.spec?.selector;
  }

  it('run the digest, and say which run, commit and release they are', async () => {
    await serve(1, 'r1');

    const [deployment] = await listDeployments();
    const labels = {
      'app.kubernetes.io/managed-by': 'devops-orchestra',
      'devops-orchestra.io/release': 'r1',
      'devops-orchestra.io/run': 'run-1',
      'devops-orchestra.io/commit': 'c'.repeat(40),
    };
    expect(deployment?.metadata?.labels).toMatchObject(labels);
    expect(deployment?.spec?.template.metadata?.labels).toMatchObject(labels);
    expect(deployment?.spec?.template.spec?.containers[0]).toMatchObject({
      image: `registry.test/shop:good@sha256:${'a'.repeat(64)}`,
      env: expect.arrayContaining([expect.objectContaining({ name: 'PORT', value: '8080' })]),
      readinessProbe: { httpGet: { path: '/health', port: 'http' } },
    });
  });

  it('are reached at the port that was asked for, by a Service with the name of theirs', async () => {
    const startable = anImage('r1', 'good', { port: 8443 });
    await releases.bringUp({ target, epoch: 1, startable });
    const { url } = await releases.share({ target, epoch: 1, weights: { r1: 100 } });

    expect(url).toBe(`http://web.${cluster.namespace}.svc:8443`);
    const service = await cluster.core.readNamespacedService({ name: 'web', namespace: cluster.namespace });
    expect(service.spec?.ports).toMatchObject([{ port: 8443, targetPort: 'http' }]);
  });

  it('have the traffic by selector where one has it all, and by the number of pods where two share it', async () => {
    await serve(1, 'r1', 4);
    await releases.bringUp({ target, epoch: 2, startable: anImage('r2') });
    expect(await readSelector()).toMatchObject({ 'devops-orchestra.io/release': 'r1' });

    const shared = await releases.share({ target, epoch: 2, weights: { r2: 10, r1: 90 } });

    expect(Object.keys((await readSelector()) ?? {})).toEqual(['devops-orchestra.io/target']);
    // One pod of five is as near to a tenth as four and one come, and what is told is what is.
    expect(shared.releases).toEqual(
      expect.arrayContaining([
        { release: 'r1', wanted: 4, ready: 4, weight: 80 },
        { release: 'r2', wanted: 1, ready: 1, weight: 20 },
      ]),
    );

    await releases.bringUp({ target, epoch: 3, startable: anImage('r2', 'good', { replicas: 4 }) });
    const whole = await releases.share({ target, epoch: 3, weights: { r2: 100 } });

    expect(await readSelector()).toMatchObject({ 'devops-orchestra.io/release': 'r2' });
    expect(whole.releases).toContainEqual({ release: 'r2', wanted: 4, ready: 4, weight: 100 });
  });

  it('go back to the one before while two share the traffic, with all its pods', async () => {
    await serve(1, 'r1', 3);
    await releases.bringUp({ target, epoch: 2, startable: anImage('r2', 'good', { replicas: 3 }) });
    await releases.share({ target, epoch: 2, weights: { r2: 75, r1: 25 } });

    const back = await releases.giveBack({ target, epoch: 3, to: anImage('r1', 'good', { replicas: 3 }) });
    await releases.retire({ target, epoch: 3, releases: ['r2'] });

    expect(back.releases).toContainEqual({ release: 'r1', wanted: 3, ready: 3, weight: 100 });
    expect(await releases.look(target)).toMatchObject({ epoch: 3, releases: [{ release: 'r1' }] });
  });

  it.each([
    ['absent', 'ImagePullBackOff', 'manifest unknown'],
    ['never', 'Readiness probe failed', '0 of 1 pods are ready'],
    ['bad', 'CrashLoopBackOff', 'keeps ending'],
  ])('F20: say why they did not come up: %s', async (tag, reason, detail) => {
    const startable = anImage('r1', tag, { readyTimeoutMs: 3_000 });

    const failed = releases.bringUp({ target, epoch: 1, startable });

    await expect(failed).rejects.toMatchObject({ code: 'RELEASE_NOT_READY', retriable: false });
    await expect(failed).rejects.toThrow(reason);
    await expect(failed).rejects.toThrow(detail);
  });

  it('show their pods to who watches them: how many there should be, and what is wrong', async () => {
    const pods = createClusterPods(aCluster(cluster.url, [cluster.namespace]));
    await serve(1, 'r1', 2);
    await expect(
      releases.bringUp({ target, epoch: 2, startable: anImage('r2', 'bad', { readyTimeoutMs: 3_000 }) }),
    ).rejects.toMatchObject({ code: 'RELEASE_NOT_READY' });

    const seen = await pods.look({ target, namespace: cluster.namespace });
    const bad = seen.pods.find((pod) => pod.release === 'r2');

    expect(seen.wanted).toEqual({ r1: 2, r2: 1 });
    expect(seen.pods.filter((pod) => pod.release === 'r1' && pod.ready && pod.trouble === null)).toHaveLength(2);
    expect(bad).toMatchObject({ ready: false, restarts: 3, over: false, trouble: 'CrashLoopBackOff' });
    expect(bad?.told).toContain('ended with 1 (Error), restarted 3 times');
    // The node of this cluster runs nothing, so there is no output: that is no error.
    const of = { target, namespace: cluster.namespace, release: 'r1', from: new Date(0), to: new Date() };
    expect(await pods.lines(of)).toEqual([]);
    await expect(pods.look({ target, namespace: 'another' })).rejects.toMatchObject({ code: 'TARGET_DENIED' });
  });

  it('report what somebody else manages instead of taking it over, but not on the way back', async () => {
    await serve(1, 'r1', 2);
    const [deployment] = await listDeployments();
    const named = { name: deployment?.metadata?.name ?? '', namespace: cluster.namespace };
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 5 } };
    const apply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
    await cluster.apps.patchNamespacedDeployment({ ...named, body, fieldManager: 'autoscaler', force: true }, apply);

    const again = releases.bringUp({ target, epoch: 2, startable: anImage('r1', 'good', { replicas: 2 }) });
    await expect(again).rejects.toMatchObject({ code: 'TARGET_DENIED', retriable: false });
    await expect(again).rejects.toThrow(/autoscaler.*replicas|replicas.*autoscaler/);

    await releases.giveBack({ target, epoch: 3, to: anImage('r1', 'good', { replicas: 2 }) });
    expect(await releases.look(target)).toMatchObject({ releases: [{ wanted: 2, ready: 2, weight: 100 }] });
  });

  it('do not touch a Service that belongs to somebody else', async () => {
    const spec = { selector: { app: 'theirs' }, ports: [{ port: 80 }] };
    await cluster.core.createNamespacedService({
      namespace: cluster.namespace,
      body: { metadata: { name: 'web' }, spec },
    });

    const claimed = releases.claim({ target, epoch: 1, port: 0 });

    await expect(claimed).rejects.toMatchObject({ code: 'TARGET_DENIED' });
    expect(await readSelector()).toEqual({ app: 'theirs' });
  });

  it('belong to the newest move, however many act at once', async () => {
    await serve(1, 'r1');
    await releases.bringUp({ target, epoch: 2, startable: anImage('r2') });

    for (let epoch = 3; epoch <= 11; epoch += 2) {
      const [older, newer] = await Promise.allSettled([
        releases.share({ target, epoch, weights: { r1: 100 } }),
        releases.share({ target, epoch: epoch + 1, weights: { r2: 100 } }),
      ]);

      const { code } = older.status === 'rejected' ? older.reason : { code: 'made_before' };
      expect(['made_before', 'TARGET_REFUSED']).toContain(code);
      expect(newer.status).toBe('fulfilled');
      const seen = await releases.look(target);
      expect(seen?.epoch).toBe(epoch + 1);
      expect(seen?.releases).toContainEqual({ release: 'r2', wanted: 1, ready: 1, weight: 100 });
    }
  });

  it('are not changed any more by a move that was overtaken while it waited', async () => {
    await serve(1, 'r1');
    const waiting = releases.bringUp({
      target,
      epoch: 2,
      startable: anImage('r2', 'never', { readyTimeoutMs: 2_000 }),
    });
    await releases.claim({ target, epoch: 3, port: 0 });

    await expect(waiting).rejects.toMatchObject({ retriable: false });
    await expect(releases.share({ target, epoch: 2, weights: { r2: 100 } })).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    });
    await expect(releases.retire({ target, epoch: 2, releases: ['r1'] })).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    });
    expect((await releases.look(target))?.releases).toContainEqual({ release: 'r1', wanted: 1, ready: 1, weight: 100 });
  });

  it('cannot be where there is no such namespace', async () => {
    const nowhere = createKubernetesReleases(aCluster(cluster.url, ['nowhere']))('nowhere');

    await expect(nowhere.demandSandbox()).rejects.toMatchObject({ code: 'TARGET_DENIED' });
    await expect(releases.demandSandbox()).resolves.toBeUndefined();
  });
});

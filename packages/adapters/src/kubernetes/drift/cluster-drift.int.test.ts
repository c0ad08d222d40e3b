import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeNode, startKubernetes } from '@orchestra/testkit/neighbours';
import { aCluster, anImage } from '../a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from '../kubernetes-releases.ts';
import { deploymentName, nameTarget } from '../target-names.ts';
import { createClusterDrift, type ClusterDrift } from './cluster-drift.ts';
import { useCluster } from '../use-cluster.fixture.ts';

const target = 'ada/shop/production/web';
const merge = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

describe('a release in a cluster that somebody else changes', () => {
  const cluster = useCluster({ startKubernetes, startFakeNode });
  let releases: KubernetesReleases;
  let drift: ClusterDrift;

  beforeEach(async () => {
    const options = aCluster(cluster.url, [cluster.namespace]);
    releases = createKubernetesReleases(options)(cluster.namespace);
    drift = createClusterDrift(options);
    await releases.bringUp({ target, epoch: 1, startable: anImage('r1') });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
  });

  const image = anImage('r1').container.image;
  const look = async () => drift.look({ target, namespace: cluster.namespace, release: 'r1', image });
  const deployment = () => ({
    name: deploymentName(nameTarget(target, cluster.namespace), 'r1'),
    namespace: cluster.namespace,
  });
  const service = () => ({ name: 'web', namespace: cluster.namespace });

  it('is as it was left, also after another move of ours', async () => {
    expect(await look()).toEqual([]);

    await releases.giveBack({ target, epoch: 2, to: anImage('r1', 'good', { replicas: 2 }) });

    expect(await look()).toEqual([]);
  });

  it('is named with the field, the manager and the time, and is not changed back', async () => {
    const containers = [{ name: 'app', image: `registry.test/shop:good@sha256:${'b'.repeat(64)}` }];
    const body = { spec: { replicas: 3, template: { spec: { containers } } } };
    await cluster.apps.patchNamespacedDeployment({ ...deployment(), body, fieldManager: 'kubectl-edit' }, merge);
    const selector = { spec: { selector: { 'devops-orchestra.io/release': 'r0' } } };
    await cluster.core.patchNamespacedService({ ...service(), body: selector, fieldManager: 'kubectl-patch' }, merge);

    const changes = await look();

    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    const ofDeployment = { object: `Deployment ${deployment().name}`, manager: 'kubectl-edit', at };
    expect(changes).toEqual([
      { object: 'Service web', field: '.spec.selector', manager: 'kubectl-patch', at },
      { ...ofDeployment, field: '.spec.replicas' },
      { ...ofDeployment, field: '.spec.template.spec.containers[{"name":"app"}].image' },
    ]);
    expect(await cluster.apps.readNamespacedDeployment(deployment())).toMatchObject({ spec: { replicas: 3 } });
  });

  it('is seen where a part was taken away, and where an object is gone', async () => {
    const body = { spec: { selector: { 'devops-orchestra.io/release': null } } };
    await cluster.core.patchNamespacedService({ ...service(), body, fieldManager: 'kubectl-edit' }, merge);
    await cluster.apps.deleteNamespacedDeployment(deployment());

    expect(await look()).toEqual([
      { object: 'Service web', field: '.spec.selector', manager: 'kubectl-edit', at: expect.any(String) },
      { object: `Deployment ${deployment().name}`, field: null, manager: null, at: null },
    ]);
  });
});

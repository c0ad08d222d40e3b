import type { V1Deployment } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { orNull } from './read-refusal.ts';
import type { Acting } from './share-traffic.ts';
import { underEpoch } from './target-access.ts';
import { byRoute, onlyServing, releaseOf, type Gathered } from './view.ts';

/** Removes the Deployments of releases; one that is gone is done. Their pods get the time to answer what they were asked. */
export async function retire(acting: Acting, releases: readonly string[]): Promise<void> {
  await underEpoch(acting, async (gathered) => {
    const named = gathered.deployments.filter((one) => releases.includes(releaseOf(one)));
    const serving = named.find((one) => hasTraffic(gathered, one));
    if (serving !== undefined) {
      throw new OrchestraError('RELEASE_NOT_READY', `${releaseOf(serving)} has traffic, so it stays`);
    }
    for (const deployment of named) await remove(acting, deployment);
  });
}

function hasTraffic(gathered: Gathered, deployment: V1Deployment): boolean {
  const only = onlyServing(gathered.service);
  if (byRoute(gathered)?.release === releaseOf(deployment)) return true;
  return only === null ? (deployment.spec?.replicas ?? 1) > 0 : only === releaseOf(deployment);
}

async function remove({ apis }: Acting, { metadata }: V1Deployment): Promise<void> {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata ?? {};
  const body = { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background' };
  await orNull(apis.apps.deleteNamespacedDeployment({ name, namespace, body }));
}

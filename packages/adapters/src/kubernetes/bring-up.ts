import { OrchestraError } from '@orchestra/runtime';
import { applyDeployment } from './apply-deployment.ts';
import { describeRelease } from './describe-release.ts';
import type { OwnObjects } from './inputs/own-objects.ts';
import { readWeights, shareTraffic, type Acting } from './share-traffic.ts';
import { gather, underEpoch } from './target-access.ts';
import type { TargetNames } from './target-names.ts';
import type { ClusterContainer, ClusterStartable } from './target-objects.ts';
import { epochOf, onlyServing, releaseOf, type Gathered } from './view.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** What is brought up. `own`: what the user's files hold for it. `force`: nothing may stand in it. */
export interface BringingUp {
  startable: ClusterStartable;
  own: OwnObjects;
  force: boolean;
}

/** Makes true that a release has so many ready pods. While it shares the traffic, their number follows from its share. */
export async function bringUp(acting: Acting, { startable, own, force }: BringingUp): Promise<void> {
  const { connect, names, signal } = acting;
  const { release, readyTimeoutMs: timeoutMs } = startable;
  const container = demandContainer(startable);
  const shared = await underEpoch(acting, async (gathered) => {
    const weights = weightsBeside(gathered, names, release);
    await ensureDeployment(acting, { gathered, startable, container, own, force, shares: weights !== null });
    return weights;
  });
  if (shared !== null) await shareTraffic(acting, shared);
  await waitUntilReady({ connect, names, release, timeoutMs, signal });
}

/** @throws OrchestraError `TARGET_DENIED`, not retriable */
export function demandContainer({ release, container }: ClusterStartable): ClusterContainer {
  if (container !== undefined) return container;
  throw new OrchestraError('TARGET_DENIED', `${release} has no image, so no cluster can run it`);
}

/** The shares that it is a part of; null: nothing is shared now, and its pods get no traffic by being there. */
function weightsBeside({ service }: Gathered, { target }: TargetNames, release: string): Record<string, number> | null {
  if (onlyServing(service) !== null) return null;
  const weights = readWeights(service);
  if (weights[release] !== undefined) return weights;
  const message = `${release} cannot come up in ${target} as long as ${Object.keys(weights).join(' and ')} share the traffic by their pods`;
  throw new OrchestraError('RELEASE_NOT_READY', message);
}

interface Ensuring extends BringingUp {
  gathered: Gathered;
  container: ClusterContainer;
  shares: boolean;
}

async function ensureDeployment(
  acting: Acting,
  { gathered, startable, container, own, force, shares }: Ensuring,
): Promise<void> {
  const { apis, names, epoch } = acting;
  const before = gathered.deployments.find((one) => releaseOf(one) === startable.release);
  const replicas = shares ? (before?.spec?.replicas ?? 0) : startable.replicas;
  const body = describeRelease({ names, startable, container, epoch, replicas }, own);
  if (before !== undefined) {
    await applyDeployment(apis, { before, body, force });
    return;
  }
  const uid = await apis.objects.create(body);
  await takeBackIfOlder(acting, { name: body.metadata.name, uid });
}

// A create has no older version that it could be held to, so the Service is looked at once more: whoever took the next epoch
// meanwhile does not know of what was made here.
async function takeBackIfOlder(
  { apis, names, epoch }: Acting,
  { name, uid }: { name: string; uid: string },
): Promise<void> {
  const now = await gather(apis, names);
  const there = now === null ? epoch : epochOf(now.service);
  if (there <= epoch) return;
  await apis.apps.deleteNamespacedDeployment({ name, namespace: names.namespace, body: { preconditions: { uid } } });
  throw new OrchestraError('TARGET_REFUSED', `The world has seen epoch ${there}, this move is ${epoch}`);
}

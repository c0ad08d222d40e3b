import type { V1EndpointSlice } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as wait } from 'node:timers/promises';
import type { Apis } from '../connect-cluster.ts';
import { deniedBy } from '../read-refusal.ts';
import type { Acting } from '../share-traffic.ts';
import { canaryName, deploymentName, type TargetNames } from '../target-names.ts';

const pollMs = 200;
const limitMs = 60_000;

/**
 * Waits until the Service of the canary leads to ready pods of it and to no others: a gateway answers 503 for a backend
 * that leads nowhere.
 *
 * @throws OrchestraError `RELEASE_NOT_READY`, not retriable
 */
export async function awaitEndpoints({ apis, names, signal }: Acting, release: string): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await isReached(apis, names, release))) {
    if (performance.now() >= until) {
      const message = `The Service ${canaryName(names)} leads to no ready pod of ${release} after ${limitMs / 1000} s`;
      throw new OrchestraError('RELEASE_NOT_READY', message);
    }
    await wait(pollMs, null, signal === undefined ? {} : { signal });
  }
}

async function isReached({ discovery }: Apis, names: TargetNames, release: string): Promise<boolean> {
  const labelSelector = `kubernetes.io/service-name=${canaryName(names)}`;
  try {
    const { items } = await discovery.listNamespacedEndpointSlice({ namespace: names.namespace, labelSelector });
    return leadsTo(items, `${deploymentName(names, release)}-`);
  } catch (error) {
    throw deniedBy(error);
  }
}

function leadsTo(slices: readonly V1EndpointSlice[], pods: string): boolean {
  const ready = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false);
  return ready.length > 0 && ready.every(({ targetRef }) => targetRef?.name?.startsWith(pods) === true);
}

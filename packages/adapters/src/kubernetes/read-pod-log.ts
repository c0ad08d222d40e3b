import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';
import { setTimeout as wait } from 'node:timers/promises';

/** How much of a log is read, from its end. */
export interface LogPart {
  tailLines: number;
  limitBytes: number;
}

const now = [{ previous: false, afterMs: 0 }];
// The new one has nothing to tell yet. And between two looks it may have been changed for the next one.
const before = [{ previous: true, afterMs: 0 }, ...now, { previous: true, afterMs: 500 }];
// A kubelet answers so, with 200, for a container that it has removed meanwhile.
const removed = /^unable to retrieve container logs for /;

/**
 * What the container of a pod printed last; of one that keeps ending, what the one before it printed. Empty: nothing, or
 * nothing that can be read.
 */
export async function readPodLog(
  core: Pick<CoreV1Api, 'readNamespacedPodLog'>,
  pod: V1Pod,
  part: LogPart,
): Promise<string> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  for (const { previous, afterMs } of keepsEnding(pod) ? before : now) {
    await wait(afterMs);
    const log = await core.readNamespacedPodLog({ name, namespace, ...part, previous }).catch(() => ''); // Its node may be gone.
    if (log !== '' && !removed.test(log)) return log;
  }
  return '';
}

function keepsEnding({ status }: V1Pod): boolean {
  const containers = status?.containerStatuses ?? [];
  return containers.some(({ ready, lastState }) => !ready && lastState?.terminated !== undefined);
}

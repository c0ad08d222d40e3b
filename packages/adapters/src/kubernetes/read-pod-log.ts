import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';
import { setTimeout as wait } from 'node:timers/promises';

/** How much of a log is read, from its end. */
export interface LogPart {
  tailLines: number;
  limitBytes: number;
}

const pauseMs = 500;
// A kubelet answers so, with 200, for a container that it has removed meanwhile.
const removed = /^unable to retrieve container logs for /;

/**
 * What the container of a pod printed last. Of one that keeps ending it is what the one before printed: the new one has
 * nothing to tell yet. Empty: nothing, or nothing that can be read.
 */
export async function readPodLog(
  core: Pick<CoreV1Api, 'readNamespacedPodLog'>,
  { metadata, status }: V1Pod,
  part: LogPart,
): Promise<string> {
  const ended = (status?.containerStatuses ?? []).some(({ ready, lastState }) => !ready && lastState?.terminated);
  const named = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
  const read = (previous: boolean): Promise<string> =>
    core.readNamespacedPodLog({ ...named, ...part, previous }).then(
      (text) => (removed.test(text) ? '' : text),
      () => '', // A pod whose node is gone has nothing to tell; the others have.
    );
  const found = ended ? (await read(true)) || (await read(false)) : await read(false);
  if (found !== '' || !ended) return found;
  // It was changed for the next one between two looks.
  await wait(pauseMs);
  return read(true);
}

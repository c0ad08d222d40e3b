import type { V1Pod } from '@kubernetes/client-node';
import type { Apis, Connect } from './connect-cluster.ts';
import { listPods } from './explain-pods.ts';
import type { TargetNames } from './target-names.ts';

const brief = { requestMs: 5_000, deadlineMs: 5_000 };
const maxPods = 5;
const maxBytes = 64 * 1024;

interface Asked {
  connect: Connect;
  names: TargetNames;
  release: string;
  signal?: AbortSignal | undefined;
}

/** What the pods of a release printed last; of one that was restarted, what it printed before. */
export async function readOutput({ connect, names, release, signal }: Asked): Promise<string> {
  const apis = await connect(signal, brief);
  const pods = await listPods(apis, names, release);
  const logs = pods.slice(0, maxPods).map(async (pod) => readLog(apis, pod));
  return (await Promise.all(logs)).join('').slice(-maxBytes);
}

async function readLog({ core }: Apis, { metadata, status }: V1Pod): Promise<string> {
  const previous = (status?.containerStatuses ?? []).some(({ ready, restartCount }) => !ready && restartCount > 0);
  const named = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
  try {
    return await core.readNamespacedPodLog({ ...named, previous, tailLines: 200, limitBytes: maxBytes });
  } catch {
    return ''; // A pod whose node is gone has nothing to tell; the others have.
  }
}

import type { Connect } from './connect-cluster.ts';
import { listPods } from './explain-pods.ts';
import { readPodLog } from './read-pod-log.ts';
import type { TargetNames } from './target-names.ts';

const brief = { requestMs: 5_000, deadlineMs: 5_000 };
const maxPods = 5;
const maxBytes = 64 * 1024;
const part = { tailLines: 200, limitBytes: maxBytes };

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
  const logs = pods.slice(0, maxPods).map(async (pod) => readPodLog(apis.core, pod, part));
  return (await Promise.all(logs)).join('').slice(-maxBytes);
}

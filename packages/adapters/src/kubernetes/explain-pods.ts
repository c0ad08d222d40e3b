import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Apis } from './connect-cluster.ts';
import { isReady } from './pods/view-pods.ts';
import { readPodLog } from './read-pod-log.ts';
import { labels, selectorOf, type TargetNames } from './target-names.ts';

/** The pods of a release. */
export async function listPods({ core }: Apis, names: TargetNames, release: string): Promise<V1Pod[]> {
  const labelSelector = `${selectorOf(names)},${labels.release}=${release}`;
  return (await core.listNamespacedPod({ namespace: names.namespace, labelSelector })).items;
}

/** Whether a container of a pod ended so often that waiting does not help. */
export function keepsEnding(pods: readonly V1Pod[], maxEnds: number): boolean {
  return pods.some(({ status }) =>
    (status?.containerStatuses ?? []).some(({ ready, restartCount }) => !ready && restartCount >= maxEnds),
  );
}

const maxLines = 5;
const maxLength = 900;

/**
 * Why the pods of a release are not ready, as people want to read it: what a container waits for, how it ended, warnings of
 * the first such pod, and the last lines that it printed. Empty: nothing is known.
 *
 * @param brief the API with little patience: what is not told soon is left out
 */
export async function explainPods(brief: Apis, names: TargetNames, pods: readonly V1Pod[]): Promise<string> {
  const pod = pods.find((one) => !isReady(one));
  if (pod === undefined) return pods.length === 0 ? 'no pod was made' : '';
  const [warnings, lines] = await Promise.all([readWarnings(brief, pod), readLastLines(brief, pod)]);
  const told = [...conditionsOf(pod), ...(pod.status?.containerStatuses ?? []).flatMap(describeContainer), ...warnings];
  const text = [`${pod.metadata?.name}: ${told.join('; ')}`, ...(lines === '' ? [] : [`it printed: ${lines}`])];
  return text.join('; ').slice(0, maxLength);
}

// Such as why it was given no node.
function conditionsOf({ status }: V1Pod): string[] {
  const unscheduled = (status?.conditions ?? []).filter(
    ({ type, status: is }) => type === 'PodScheduled' && is !== 'True',
  );
  return unscheduled.map(({ reason, message }) => [reason, message].filter(Boolean).join(': '));
}

function describeContainer({ state, lastState, ready, restartCount }: V1ContainerStatus): string[] {
  if (ready) return [];
  const { waiting } = state ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  return [
    ...(waiting === undefined ? [] : [[waiting.reason, waiting.message].filter(Boolean).join(': ')]),
    ...(ended === undefined
      ? []
      : [`ended with ${ended.exitCode} (${ended.reason ?? 'no reason'}), ${restartCount} times restarted`]),
  ];
}

async function readWarnings({ core }: Apis, { metadata }: V1Pod): Promise<string[]> {
  const namespace = metadata?.namespace ?? '';
  const fieldSelector = `involvedObject.name=${metadata?.name},type=Warning`;
  try {
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector, limit: 20 });
    return [...new Set(items.map(renderEvent))].slice(-3);
  } catch {
    return []; // An explanation that is not to be had does not hide what it explains.
  }
}

function renderEvent({ reason, message }: CoreV1Event): string {
  return `${reason ?? 'Warning'}: ${message ?? ''}`;
}

async function readLastLines({ core }: Apis, pod: V1Pod): Promise<string> {
  const log = await readPodLog(core, pod, { tailLines: maxLines, limitBytes: 2000 });
  return log.trim().replaceAll('\n', ' | ');
}

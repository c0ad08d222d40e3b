import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { labels } from '../target-names.ts';

/** A pod of a release as it stands. */
export interface PodView {
  name: string;
  release: string;
  ready: boolean;
  /** Of all its containers, since it was made. */
  restarts: number;
  /** It has ended for good, such as by an eviction: another one takes its place. */
  over: boolean;
  /** The cluster's word for what is wrong, such as `CrashLoopBackOff` or `Evicted`; null: nothing is. */
  trouble: string | null;
  /** All of it in words, for people; empty where nothing is to be told. */
  told: string;
  /** The container whose output tells most; null: none has begun. */
  container: string | null;
}

// What every pod waits for at first.
const usualWaits = new Set(['ContainerCreating', 'PodInitializing']);

/** What pods are worth telling of; one that is being removed is nobody's trouble. */
export function viewPods(pods: readonly V1Pod[]): PodView[] {
  return pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).map(viewPod);
}

function viewPod(pod: V1Pod): PodView {
  const { metadata, status } = pod;
  const containers = containersOf(status);
  const worst = findWorst(containers);
  const failure = failureOf(status);
  return {
    ...nameOf(metadata),
    ready: isReady(pod),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    over: failure !== null,
    trouble: failure ?? troubleOf(worst),
    told: tell(status, containers),
    container: (worst ?? containers.at(-1))?.name ?? null,
  };
}

function nameOf(metadata: V1Pod['metadata']): Pick<PodView, 'name' | 'release'> {
  return { name: metadata?.name ?? '', release: metadata?.labels?.[labels.release] ?? '' };
}

type Status = V1Pod['status'];

function containersOf(status: Status): readonly V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function failureOf(status: Status): string | null {
  return status?.phase === 'Failed' ? (status.reason ?? 'Failed') : null;
}

/** Whether users may be sent to a pod. */
export function isReady({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

function unmetConditions(status: Status, wanted: readonly string[]) {
  return (status?.conditions ?? []).filter(({ type, status: is }) => wanted.includes(type) && is !== 'True');
}

function tell(status: Status, containers: readonly V1ContainerStatus[]): string {
  const failure = failureOf(status);
  const parts = [
    ...(failure === null ? [] : [join(failure, status?.message)]),
    ...containers.flatMap((container) => [...describeWait(container), ...describeEnd(container)]),
    ...unmetConditions(status, ['Ready', 'PodScheduled']).map(({ reason, message }) => join(reason, message)),
  ];
  return [...new Set(parts)].filter((part) => part !== '').join('; ');
}

function findWorst(containers: readonly V1ContainerStatus[]): V1ContainerStatus | undefined {
  return containers.find((one) => troubleOf(one) !== null) ?? containers.find((one) => one.restartCount > 0);
}

function troubleOf(container: V1ContainerStatus | undefined): string | null {
  if (container === undefined) return null;
  const waiting = unusualWait(container);
  if (waiting !== null) return waiting.reason ?? 'Waiting';
  const { terminated } = container.state ?? {};
  return terminated === undefined || terminated.exitCode === 0 ? null : (terminated.reason ?? 'Error');
}

function unusualWait({ state }: V1ContainerStatus) {
  const { waiting } = state ?? {};
  return waiting === undefined || usualWaits.has(waiting.reason ?? '') ? null : waiting;
}

function describeWait(container: V1ContainerStatus): string[] {
  const waiting = unusualWait(container);
  return waiting === null ? [] : [join(waiting.reason, waiting.message)];
}

function describeEnd({ name, state, lastState, restartCount }: V1ContainerStatus): string[] {
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended === undefined || (ended.exitCode === 0 && restartCount === 0)) return [];
  return [`${name} ended with ${ended.exitCode} (${ended.reason ?? 'no reason'}), restarted ${restartCount} times`];
}

function join(reason: string | undefined, message: string | undefined): string {
  return [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
}

import type { V1Pod, V1PodStatus } from '@kubernetes/client-node';

/** What becomes of a pod: it is ready, it keeps ending, it never gets ready, or its image is not there. */
export type PodFate = 'ready' | 'bad' | 'never' | 'absent';

/** What people are told of a pod, as kubelet does it in an event. */
export interface PodEvent {
  reason: string;
  message: string;
}

/**
 * The fate of a pod by the tag of its first image, or, where it has none, by the last part of its name: `bad`, `never`,
 * `absent`, and anything else gets ready.
 */
export function readFate(pod: V1Pod): PodFate {
  const [image = ''] = (pod.spec?.containers[0]?.image ?? '').split('@');
  const last = image.split('/').at(-1) ?? '';
  const word = last.split(':').at(-1);
  return word === 'bad' || word === 'never' || word === 'absent' ? word : 'ready';
}

const waitingOf = {
  bad: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
  absent: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' },
};

/** The events that kubelet would write of it. */
export function eventOf(fate: PodFate): PodEvent | null {
  if (fate === 'absent') return { reason: 'Failed', message: 'Failed to pull image: manifest unknown' };
  if (fate === 'never') return { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with 503' };
  return null;
}

/** The status that kubelet would write, at once where kubelet takes its time. */
export function statusOf(pod: V1Pod, { fate, ip, now }: { fate: PodFate; ip: string; now: string }): object {
  if (pod.spec?.restartPolicy === 'Never') return endedStatusOf(pod, ip, now);
  const ready = fate === 'ready';
  const state = fate === 'bad' || fate === 'absent' ? { waiting: waitingOf[fate] } : { running: { startedAt: now } };
  const ended = { lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: now, startedAt: now } } };
  return {
    phase: fate === 'absent' ? 'Pending' : 'Running',
    hostIP: '10.0.0.1',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: type.endsWith('Ready') && !ready ? 'False' : 'True',
      lastTransitionTime: now,
    })),
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready,
      started: ready,
      restartCount: fate === 'bad' ? 3 : 0,
      state,
      ...(fate === 'bad' ? ended : {}),
    })),
  };
}

// What is not restarted ends at once: badly where its command has the word `fail`.
function endedStatusOf(pod: V1Pod, ip: string, now: string): object {
  const containers = pod.spec?.containers ?? [];
  const failed = containers.some(({ command = [] }) => command.includes('fail'));
  const terminated = {
    exitCode: failed ? 1 : 0,
    reason: failed ? 'Error' : 'Completed',
    startedAt: now,
    finishedAt: now,
  };
  return {
    phase: failed ? 'Failed' : 'Succeeded',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    containerStatuses: containers.map(({ name, image }) => ({
      name,
      image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { terminated },
    })),
  };
}

/** Whether the pod was given its status already. */
export function isSettled(status: V1PodStatus | undefined): boolean {
  return (status?.podIP ?? '') !== '';
}

import {
  ApiException,
  KubeConfig,
  CoreV1Api,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import type { V1Pod } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/contracts';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { eventOf, isSettled, readFate, statusOf } from './pod-fate.ts';

const ownLabel = 'devops-orchestra.test/fake';
// A node that is silent for 50 s loses its pods.
const beatMs = 10_000;
const watchAgainMs = 200;
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** A namespace of a test, with a node that runs its pods without running anything. */
export interface FakeNode {
  namespace: string;
  /** Removes the namespace and the node. */
  stop(): Promise<void>;
}

/** Does what `startFakeNode` promises. */
export async function runFakeNode(kubeconfig: string, address?: string): Promise<FakeNode> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  await refuseRealCluster(core);
  const name = `fake-${randomUUID().slice(0, 8)}`;
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  const stopBeating = await addNode(core, name);
  const stopRunning = await runPods({ config, core, name, namespace, address });
  return {
    namespace,
    async stop() {
      await stopRunning();
      stopBeating();
      // What is left runs nowhere, so it need not be waited for.
      await core.deleteNamespace({ name: namespace });
      await core.deleteNode({ name });
    },
  };
}

async function refuseRealCluster(core: CoreV1Api): Promise<void> {
  const { items } = await core.listNode();
  const real = items.find(({ metadata }) => metadata?.labels?.[ownLabel] === undefined);
  if (real === undefined) return;
  const message = `The cluster has a node of its own, ${real.metadata?.name}: tests need one without nodes`;
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', message);
}

// Not schedulable: pods of other tests have nodes of their own, and ours are placed by us.
async function addNode(core: CoreV1Api, name: string): Promise<() => void> {
  const since = new Date().toISOString();
  await core.createNode({ body: { metadata: { name, labels: { [ownLabel]: 'yes' } }, spec: { unschedulable: true } } });
  await beat();
  const timer = setInterval(() => void beat().catch(() => {}), beatMs);
  timer.unref();
  return () => clearInterval(timer);

  async function beat(): Promise<void> {
    const room = { cpu: '1000', memory: '1Ti', pods: '10000' };
    const ready = { type: 'Ready', status: 'True', reason: 'Fake', lastTransitionTime: since };
    const conditions = [{ ...ready, lastHeartbeatTime: new Date().toISOString() }];
    await core.patchNodeStatus({ name, body: { status: { capacity: room, allocatable: room, conditions } } }, merge);
  }
}

interface Running {
  config: KubeConfig;
  core: CoreV1Api;
  name: string;
  namespace: string;
  address: string | undefined;
}

type Watching = Pick<Running, 'config' | 'core' | 'namespace'>;

/** Calls `step` for each pod that is new or changed, also after the API server was away. */
async function watchPods(
  { config, core, namespace }: Watching,
  step: (pod: V1Pod) => Promise<void>,
): Promise<() => Promise<void>> {
  let stopped = false;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const informer = makeInformer<V1Pod>(config, path, async () => core.listNamespacedPod({ namespace }));
  informer.on('add', (pod) => void step(pod).catch(() => {}));
  informer.on('update', (pod) => void step(pod).catch(() => {}));
  informer.on('error', () => void watchAgain());
  await informer.start();
  return async () => {
    stopped = true;
    await informer.stop();
  };

  async function watchAgain(): Promise<void> {
    await wait(watchAgainMs);
    if (!stopped) await informer.start().catch(watchAgain);
  }
}

async function runPods({ config, core, name, namespace, address }: Running): Promise<() => Promise<void>> {
  let addresses = 0;
  const begun = new Set<string>();
  return watchPods({ config, core, namespace }, step);

  async function step(pod: V1Pod): Promise<void> {
    const { name: podName = '', uid = '', deletionTimestamp } = pod.metadata ?? {};
    const { nodeName } = pod.spec ?? {};
    if (deletionTimestamp !== undefined) return end(podName, uid);
    if (nodeName === undefined) return place(podName);
    if (nodeName !== name || isSettled(pod.status) || begun.has(uid)) return;
    begun.add(uid);
    await settle(pod, podName);
  }

  async function end(podName: string, uid: string): Promise<void> {
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    await unlessGone(core.deleteNamespacedPod({ name: podName, namespace, body }));
  }

  async function place(podName: string): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name };
    const body = { metadata: { name: podName }, target };
    await unlessGone(core.createNamespacedPodBinding({ name: podName, namespace, body }));
  }

  async function settle(pod: V1Pod, podName: string): Promise<void> {
    addresses += 1;
    const fate = readFate(pod);
    const ip = address ?? `10.1.${addresses >> 8}.${addresses & 255}`;
    const status = statusOf(pod, { fate, ip, now: new Date().toISOString() });
    await unlessGone(core.patchNamespacedPodStatus({ name: podName, namespace, body: { status } }, merge));
    const told = eventOf(fate);
    if (told === null) return;
    const involvedObject = { kind: 'Pod', name: podName, namespace, uid: pod.metadata?.uid ?? '' };
    const metadata = { generateName: `${podName}-` };
    await unlessGone(
      core.createNamespacedEvent({ namespace, body: { metadata, involvedObject, type: 'Warning', ...told } }),
    );
  }
}

async function unlessGone(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    const gone = error instanceof ApiException && [403, 404, 409].includes(error.code);
    if (!gone) throw error;
  }
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppsV1Api, KubeConfig, type V1Deployment } from '@kubernetes/client-node';
import { watchObjects, type Watched } from './watch-objects.ts';

/** A way back by hand; milliseconds from the moment the command was given. */
export interface Undone {
  patchedMs: number;
  /** All pods are of the version before and ready. */
  readyMs: number;
}

/** A Deployment of two versions, between which `kubectl rollout undo` goes to and fro. */
export interface UndoneDeployment {
  undo(): Promise<Undone>;
  stop(): void;
}

interface Place {
  kubeconfig: string;
  namespace: string;
}

const name = 'undone';
const run = promisify(execFile);

export async function createUndone({ kubeconfig, namespace }: Place): Promise<UndoneDeployment> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const apps = config.makeApiClient(AppsV1Api);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const watched: Watched<V1Deployment> = await watchObjects(kubeconfig, path);
  const first = watched.until((one) => isReady(one, 'v1'));
  await apps.createNamespacedDeployment({ namespace, body: deploymentOf('v1') });
  await first;
  const second = watched.until((one) => isReady(one, 'v2'));
  const { metadata } = await apps.readNamespacedDeployment({ namespace, name });
  const newer = { name, resourceVersion: metadata?.resourceVersion ?? '' };
  await apps.replaceNamespacedDeployment({ namespace, name, body: deploymentOf('v2', newer) });
  await second;
  let serving = 'v2';
  return {
    async undo() {
      const wanted = serving === 'v2' ? 'v1' : 'v2';
      const patched = watched.until((one) => runs(one, wanted));
      const ready = watched.until((one) => isReady(one, wanted));
      const at = Date.now();
      const args = ['--kubeconfig', kubeconfig, '--namespace', namespace, 'rollout', 'undo', `deployment/${name}`];
      await run('kubectl', args);
      const undone = { patchedMs: (await patched) - at, readyMs: (await ready) - at };
      serving = wanted;
      return undone;
    },
    stop: () => watched.stop(),
  };
}

function deploymentOf(tag: string, metadata: V1Deployment['metadata'] = { name }): V1Deployment {
  const labels = { app: name };
  const containers = [{ name: 'app', image: `registry.test/undone:${tag}` }];
  return {
    metadata,
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

function runs({ metadata, spec }: V1Deployment, tag: string): boolean {
  return metadata?.name === name && spec?.template.spec?.containers[0]?.image?.endsWith(`:${tag}`) === true;
}

function isReady(deployment: V1Deployment, tag: string): boolean {
  const { metadata, spec, status } = deployment;
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
  const counts = [status?.updatedReplicas, status?.readyReplicas, status?.replicas];
  return runs(deployment, tag) && seen && counts.every((count) => count === spec?.replicas);
}

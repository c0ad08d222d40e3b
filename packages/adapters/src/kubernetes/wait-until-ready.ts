import type { V1Deployment } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as wait } from 'node:timers/promises';
import type { Apis, Connect } from './connect-cluster.ts';
import { explainPods, keepsEnding, listPods } from './explain-pods.ts';
import { deniedBy, orNull } from './read-refusal.ts';
import { deploymentName, type TargetNames } from './target-names.ts';
import { readyOf } from './view.ts';

/** What is waited for: all pods of a release, and none too many. */
export interface Awaited {
  connect: Connect;
  names: TargetNames;
  release: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

const pollMs = 200;
const podsEvery = 5;
// A container that ended so often does not get ready by waiting.
const maxEnds = 3;
const brief = { requestMs: 3_000, deadlineMs: 3_000 };

/**
 * Waits until a Deployment is as it was asked for: seen by its controller, all pods of the new kind, as many as wanted,
 * available, and none else.
 *
 * @throws OrchestraError `RELEASE_NOT_READY`, not retriable, with what is wrong with its pods, when the time is over, when
 *   the controller says so (`ProgressDeadlineExceeded`), or when a container keeps ending
 */
export async function waitUntilReady(awaited: Awaited): Promise<void> {
  const { connect, names, release, timeoutMs, signal } = awaited;
  const apis = await connect(signal);
  const until = performance.now() + timeoutMs;
  for (let look = 1; ; look += 1) {
    const deployment = await readDeployment(apis, names, release);
    if (isDone(deployment)) return;
    const why = await findTrouble({ awaited, apis, deployment, look, late: performance.now() > until });
    if (why !== null) throw await notReady(awaited, deployment, why);
    await wait(pollMs, null, signal === undefined ? {} : { signal });
  }
}

async function readDeployment({ apps }: Apis, names: TargetNames, release: string): Promise<V1Deployment> {
  const name = deploymentName(names, release);
  try {
    const found = await orNull(apps.readNamespacedDeployment({ name, namespace: names.namespace }));
    if (found !== null) return found;
  } catch (error) {
    throw deniedBy(error);
  }
  throw new OrchestraError('RELEASE_NOT_READY', `The Deployment ${name} was removed by somebody`);
}

function isDone(deployment: V1Deployment): boolean {
  const { spec, status } = deployment;
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  return (
    isObserved(deployment) &&
    updatedReplicas === wanted &&
    replicas === updatedReplicas &&
    availableReplicas === updatedReplicas
  );
}

function isObserved({ metadata, status }: V1Deployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

interface Looked {
  awaited: Awaited;
  apis: Apis;
  deployment: V1Deployment;
  look: number;
  late: boolean;
}

async function findTrouble({ awaited, apis, deployment, look, late }: Looked): Promise<string | null> {
  if (late) return `is not ready after ${awaited.timeoutMs} ms`;
  const progress = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (isObserved(deployment) && progress?.reason === 'ProgressDeadlineExceeded') return 'made no progress in time';
  if (look % podsEvery !== 0) return null;
  const pods = await listPods(apis, awaited.names, awaited.release);
  return keepsEnding(pods, maxEnds) ? 'keeps ending' : null;
}

async function notReady(
  { connect, names, release, signal }: Awaited,
  deployment: V1Deployment,
  why: string,
): Promise<OrchestraError> {
  const apis = await connect(signal, brief);
  const pods = await listPods(apis, names, release).catch(() => []);
  const reasons = await explainPods(apis, names, pods);
  const counts = `${readyOf(deployment)} of ${deployment.spec?.replicas ?? 1} pods are ready`;
  const message = `${release} ${why}: ${counts}${reasons === '' ? '' : `; ${reasons}`}`;
  return new OrchestraError('RELEASE_NOT_READY', message);
}

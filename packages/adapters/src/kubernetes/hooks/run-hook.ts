import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as wait } from 'node:timers/promises';
import type { Apis, Connect } from '../connect-cluster.ts';
import type { ClusterObject } from '../inputs/cluster-object.ts';
import { deniedBy, orNull, readRefusal } from '../read-refusal.ts';
import { hookLabel, type Hook } from './describe-hook.ts';

/** A hook that is to have run. */
export interface RunningHook {
  connect: Connect;
  hook: Hook;
  job: ClusterObject;
  signal?: AbortSignal | undefined;
}

const pollMs = 500;
// The cluster ends a hook at its time limit; we only wait for its word.
const graceMs = 60_000;
const brief = { requestMs: 3_000, deadlineMs: 3_000 };

/** Makes the Job of a hook, unless it is there: then it was made by an attempt before. */
export async function startHook({ objects }: Apis, job: ClusterObject): Promise<void> {
  try {
    await objects.create(job);
  } catch (error) {
    if (readRefusal(error)?.reason !== 'AlreadyExists') throw error;
  }
}

/**
 * Waits until a hook has ended well.
 *
 * @throws OrchestraError `HOOK_FAILED`, not retriable, with how it ended and what it printed last
 */
export async function awaitHook({ connect, hook, job, signal }: RunningHook): Promise<void> {
  const { name, namespace = '' } = job.metadata;
  const apis = await connect(signal);
  const until = performance.now() + hook.timeoutMs + graceMs;
  for (;;) {
    const end = endOf(await readJob(apis, name, namespace));
    if (end?.kind === 'done') return;
    const why = end?.why ?? (performance.now() > until ? 'the cluster did not say in time how it ended' : null);
    if (why !== null) throw await failed({ connect, hook, job, signal }, why);
    await wait(pollMs, null, signal === undefined ? {} : { signal });
  }
}

async function readJob({ batch }: Apis, name: string, namespace: string): Promise<V1Job | null> {
  try {
    return await orNull(batch.readNamespacedJob({ name, namespace }));
  } catch (error) {
    throw deniedBy(error);
  }
}

type End = { kind: 'done' } | { kind: 'failed'; why: string };

function endOf(job: V1Job | null): End | null {
  if (job === null) return { kind: 'failed', why: 'its Job was removed by somebody' };
  const ended = (job.status?.conditions ?? []).filter(({ status }) => status === 'True');
  if (ended.some(({ type }) => type === 'Complete')) return { kind: 'done' };
  const bad = ended.find(({ type }) => type === 'Failed');
  if (bad === undefined) return null;
  const isLate = bad.reason === 'DeadlineExceeded';
  return { kind: 'failed', why: isLate ? 'it did not end in time' : (bad.message ?? bad.reason ?? 'no reason given') };
}

async function failed({ connect, hook, job, signal }: RunningHook, why: string): Promise<OrchestraError> {
  const apis = await connect(signal, brief);
  const told = await explain(apis, job).catch(() => ''); // What is not to be had does not hide that it failed.
  const message = `The ${hook.when} hook failed: ${why}${told}`;
  return new OrchestraError('HOOK_FAILED', message);
}

async function explain({ core }: Apis, { metadata: { name, namespace = '' } }: ClusterObject): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: `${hookLabel}=${name}` });
  const pod = items.at(-1);
  if (pod === undefined) return '';
  const named = { name: pod.metadata?.name ?? '', namespace };
  const log = await core.readNamespacedPodLog({ ...named, tailLines: 10, limitBytes: 4000 }).catch(() => '');
  const printed = log.trim().replaceAll('\n', ' | ');
  return `${exitOf(pod)}${printed === '' ? '' : `; it printed: ${printed.slice(-800)}`}`;
}

function exitOf({ status }: V1Pod): string {
  const [container] = status?.containerStatuses ?? [];
  const { waiting, terminated } = container?.state ?? {};
  if (terminated !== undefined) return `; exit code ${terminated.exitCode} (${terminated.reason ?? 'no reason'})`;
  return waiting === undefined ? '' : `; it waits: ${[waiting.reason, waiting.message].filter(Boolean).join(': ')}`;
}

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1Service } from '@kubernetes/client-node';
import { createKubernetesReleases, kubernetesEnv, toClusterOptions } from '@orchestra/adapters/kubernetes';
import { openDistributed } from '@orchestra/backends/distributed';
import { parsePipelineFile, unitNames, type ObservabilityAlert } from '@orchestra/contracts';
import { parseEnv, runtimeEnv, writeEnvelope, type Backends } from '@orchestra/runtime';
import { startFakeNode } from '@orchestra/testkit/neighbours';
import { benchLog } from '../hop/open-backends.ts';
import { waitUntil } from '../wait-until.ts';
import { createUndone, type Undone } from './rollout-undo.ts';
import { seedReleases, type Seeded } from './seed-release.ts';
import { startRollback } from './start-rollback.ts';
import { watchObjects, type Watched } from './watch-objects.ts';

/** The control plane with what goes back in it: by our service, and by a command. */
export interface Patching {
  /** Milliseconds from the publishing of an alert to the cluster that is patched, one after the other. */
  patchByAlert(count: number): Promise<number[]>;
  undo(): Promise<Undone>;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts two replicas of rollback on the servers, beside a namespace whose pods are ready at once. */
export async function startPatching(environment: Environment): Promise<Patching> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    return { ...(await startAll(environment, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(environment: Environment, stops: (() => Promise<void>)[]): Promise<Omit<Patching, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-bench-'));
  stops.push(async () => rm(folder, { recursive: true, force: true }));
  const kubeconfig = environment['KUBECONFIG'] ?? '';
  const { namespace, stop: removeNode } = await startFakeNode(kubeconfig);
  stops.push(removeNode);
  const own = ownEnvironment(environment, { folder, namespace });
  const backends = await openDistributed(parseEnv('bench', runtimeEnv, own), benchLog);
  stops.push(() => backends.close());
  const services = await watchObjects<V1Service>(kubeconfig, `/api/v1/namespaces/${namespace}/services`);
  stops.push(async () => services.stop());
  const undone = await createUndone({ kubeconfig, namespace });
  stops.push(async () => undone.stop());
  for (const replica of await Promise.all([startRollback(own), startRollback(own)])) stops.push(() => replica.stop());
  const releases = createKubernetesReleases(toClusterOptions(parseEnv('bench', kubernetesEnv, own)))(namespace);
  const { digest: planDigest } = await backends.artifacts.put(Buffer.from(JSON.stringify(planOfNothing())));
  const seed = { backends, releases, namespace, planDigest };
  return {
    async patchByAlert(count) {
      const times: number[] = [];
      for (const seeded of await seedReleases(seed, count)) times.push(await patch({ backends, services, seeded }));
      return times;
    },
    undo: () => undone.undo(),
  };
}

function ownEnvironment(environment: Environment, { folder, namespace }: { folder: string; namespace: string }) {
  return {
    ...environment,
    KUBERNETES_NAMESPACES: namespace,
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    LOGS_DIR: join(folder, 'logs'),
    LOCAL_TARGET_DIR: join(folder, 'target'),
  };
}

function planOfNothing(): object {
  const parsed = parsePipelineFile('project: {name: shop}');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

interface Patch {
  backends: Backends;
  services: Watched<V1Service>;
  seeded: Seeded;
}

async function patch({ backends, services, seeded }: Patch): Promise<number> {
  const record = await alertAbout(backends, seeded);
  const patched = services.until(({ metadata, spec }) => {
    return metadata?.name === seeded.service && Object.values(spec?.selector ?? {}).includes('r1');
  });
  const at = Date.now();
  await backends.bus.publish([record]);
  const patchedMs = (await patched) - at;
  await untilOver(backends, seeded);
  return patchedMs;
}

// Each alert by itself: the one before is over, with all that comes behind the patch.
async function untilOver({ store }: Backends, { runId, service }: Seeded): Promise<void> {
  const unit = unitNames.rollback('production', service);
  const isOver = async (): Promise<boolean> => {
    const { status, reason, endedAt = null } = (await store.readRun(runId))?.units[unit] ?? {};
    if (endedAt !== null && status !== 'success') throw new Error(`No way back for ${unit}: ${status}, ${reason}`);
    return endedAt !== null;
  };
  await waitUntil(`the end of ${unit}`, isOver);
}

async function alertAbout({ codec }: Backends, { runId, service, target }: Seeded) {
  const topic = 'observability_alert';
  const data: ObservabilityAlert = {
    environment: target.environment,
    service,
    release: 'r2',
    epoch: target.epoch,
    step: 0,
    attribution: 'RELEASE',
    source: 'WATCH',
    metric: 'error_ratio',
    value: 0.5,
    threshold: 0.05,
    baseline: null,
    samples: 3,
    reason: 'threshold_breached',
    checks: [],
    judgement: null,
  };
  const from = { source: 'observability' as const, subject: `${target.environment}/${service}`, causeId: null };
  const place = { runId, generation: 1, hops: 1, traceparent: null };
  const headers = writeEnvelope(topic, { id: randomUUID(), time: new Date(), ...from, ...place });
  return { topic, key: runId, value: await codec.encode(topic, data), headers };
}

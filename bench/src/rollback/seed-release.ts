import { randomUUID } from 'node:crypto';
import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  readWorldKey,
  takeLane,
  targetKey,
  worldKey,
  type Manifest,
  type Target,
  type TargetName,
} from '@orchestra/contracts';
import type { KubernetesReleases } from '@orchestra/adapters/kubernetes';
import { emptyFinish, type Backends, type Finish } from '@orchestra/runtime';
import { admissionOf } from '../hop/prepare-runs.ts';

/** A release that serves, with the one before it kept beside it: the watch of a blue-green release. */
export interface Seeded {
  runId: string;
  service: string;
  target: Target;
}

interface Seed {
  backends: Backends;
  releases: KubernetesReleases;
  namespace: string;
  /** The plan of its run, in the artifact store. */
  planDigest: string;
}

const hourMs = 3_600_000;
const atOnce = 8;
const environment = 'production';

/** Brings both releases of so many new targets into the cluster, and writes down what deploy would have written. */
export async function seedReleases(seed: Seed, count: number): Promise<Seeded[]> {
  const seeded: Seeded[] = [];
  while (seeded.length < count) {
    const size = Math.min(atOnce, count - seeded.length);
    const brought = await Promise.all(Array.from({ length: size }, async () => bringBoth(seed)));
    for (const one of brought) await writeDown(seed, one);
    seeded.push(...brought);
  }
  return seeded;
}

async function bringBoth({ releases, namespace }: Seed): Promise<Seeded> {
  const runId = randomUUID();
  const service = `web-${runId.slice(0, 8)}`;
  const name: TargetName = { repository: admissionOf(runId).identity.repository, environment, service };
  const manifests = [1, 2].map((sequence) => manifestOf(namespace, sequence));
  const target = manifests.reduce((before, manifest, index) => {
    return released(before, { sequence: index + 1, manifest, runId });
  }, createTarget(name));
  const move = { target: readWorldKey(worldKey(target)).target, epoch: target.epoch };
  for (const [index, manifest] of manifests.entries()) {
    const release = `r${index + 1}`;
    await releases.bringUp({ ...move, startable: { ...manifest, release } });
    await releases.share({ ...move, weights: { [release]: 100 } });
  }
  return { runId, service, target };
}

// One after the other, or the job that is claimed would be one of another run.
async function writeDown({ backends: { store }, planDigest }: Seed, { runId, target }: Seeded): Promise<void> {
  await store.admit(admissionOf(runId));
  const job = await store.claim({ service: 'gitops', owner: 'bench', leaseMs: hourMs, except: [], maxStalls: 5 });
  if (job === null) throw new Error('The run has no first job');
  await store.finish(job, { ...planned, slice: sliceOf(planDigest), target: changeOf(target) });
}

function manifestOf(namespace: string, sequence: number): Manifest {
  const artifactDigest = `sha256:${String(sequence).repeat(64)}`;
  const image = `registry.test/shop:good@${artifactDigest}`;
  const container = { namespace, image, port: 8080, runId: 'run', commit: `commit-${sequence}` };
  const how = { replicas: 1, healthPath: '/health', metricsPath: null, readyTimeoutMs: 60_000 };
  return { artifactDigest, command: [], env: {}, port: 80, ...how, container };
}

interface Brought {
  sequence: number;
  manifest: Manifest;
  runId: string;
}

// One step with all of the traffic, and the end of it, as a blue-green rollout moves its target.
function released(target: Target, { sequence, manifest, runId }: Brought): Target {
  const now = new Date();
  const mover = { runId: sequence === 2 ? runId : `${runId}-${sequence}`, generation: 1 };
  const version = { version: manifest.artifactDigest, commit: `commit-${sequence}`, manifest };
  const lane = { ...mover, ...version, sequence, jobId: 'j', byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(target, { ...lane, strategy: 'blue_green', weights: [100] }, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  const stepped = moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
  return moved(finishRollout(stepped, { ...mover, epoch: stepped.epoch, checks: [] }, now));
}

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`The target did not move: ${JSON.stringify(answer)}`);
  return answer.target;
}

function sliceOf(planDigest: string): Finish['slice'] {
  const nothing = {
    snapshotDigest: null,
    baseCommit: null,
    changedFiles: [],
    problems: [],
    warnings: [],
    licenses: [],
  };
  return { source: JSON.stringify({ planDigest, ...nothing }) };
}

function changeOf(target: Target): Finish['target'] {
  const nothing = { wake: [], quarantine: [], unlessQuarantined: null };
  return { key: targetKey(target), expected: 0, target: JSON.stringify(target), ...nothing };
}

const planned: Finish = {
  ...emptyFinish,
  status: 'success',
  plan: {
    units: [
      { unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: hourMs },
      { unit: 'chatops', service: 'chatops', after: ['gitops'], gate: null, gateDeadlineMs: hourMs },
    ],
    deadlineMs: hourMs,
    hopsLimit: 100,
  },
};

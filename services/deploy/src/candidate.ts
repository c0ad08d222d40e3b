import { createHash } from 'node:crypto';
import {
  portIn,
  readWorldKey,
  worldKey,
  worldKeyOf,
  type DeploymentPlan,
  type LaneRequest,
  type Manifest,
  type Plan,
  type PlannedRelease,
  type RunState,
  type ServicePlan,
  type Target,
} from '@orchestra/contracts';
import { containerOf, forgottenInputs, replicasOf, type Brought, type Built } from './container-of.ts';
import { flagOf, withoutDarkness } from './behind-flag.ts';
import { planWeights } from './decide-weights.ts';
import type { StoredInputs } from './render-once.ts';
import type { Work } from './work.ts';

// After so many waiters in a row that a newer one pushed out, one is protected: somebody deploys.
const maxSupersedes = 5;

/** What a run would bring to a target, or why there is nothing that could be brought. */
export type Candidate = { kind: 'ready'; request: LaneRequest } | { kind: 'none'; reason: string; message: string };

/** @param inputs the user's own objects; null: the pipeline file names none */
export function gatherCandidate(work: Work, plan: Plan, inputs: StoredInputs | null = null): Candidate {
  const { deployment } = plan;
  const service = deployment?.services.find(({ name }) => name === work.name.service);
  if (deployment === null || service === undefined) {
    return { kind: 'none', reason: 'not_planned', message: 'The pipeline file names no such service' };
  }
  const artifact = findArtifact(work.context.run, deployment);
  if (artifact === null) return nothingToDeploy(deployment);
  const { environment } = work.name;
  const { runId, generation } = work.mover;
  const { sequence, commit } = work.context.run;
  const planned = releaseOf(deployment, { service, environment, artifact, runId, commit, inputs });
  const release = withoutDarkness(planned, work);
  if (release.manifest.flag !== undefined && work.ports.flags === undefined) return nothingKeepsFlags;
  const moved = refuseMove(work, release.manifest);
  if (moved !== null) return moved;
  const identity = { runId, generation, sequence, jobId: work.context.job.jobId, commit };
  return { kind: 'ready', request: { ...identity, ...release, byPerson: false, maxSupersedes } };
}

const nothingKeepsFlags: Candidate = {
  kind: 'none',
  reason: 'no_flags',
  message: 'Nothing keeps feature flags here: the platform needs FLAGS_WEBHOOK_URL or FLAGD_FILE',
};

function nothingToDeploy({ provider }: DeploymentPlan): Candidate {
  const message =
    provider === 'local'
      ? 'The build made no archive that could be started here'
      : 'The build made no image with a digest that a cluster could run';
  return { kind: 'none', reason: 'nothing_to_deploy', message };
}

// What serves in one place cannot share its traffic with a release in another, nor be given back from there.
function refuseMove({ name, held }: Work, manifest: Manifest): Candidate | null {
  const { target } = held;
  const from = worldKey(target);
  if (from === worldKeyOf(name, manifest) || isEmpty(target)) return null;
  const { namespace, rollout } = readWorldKey(from);
  const as = rollout === null ? '' : `, as the Rollout ${rollout}`;
  const there = namespace === null ? 'as processes of this machine' : `in the namespace ${namespace}${as}`;
  const message = `Its releases run ${there}: give the service another name to release it elsewhere`;
  return { kind: 'none', reason: 'target_elsewhere', message };
}

function isEmpty({ lane, seizure, history }: Target): boolean {
  return lane === null && seizure === null && history.length === 0;
}

/** What a run brings to a target by its plan, also for a rebuild; null: nothing that could be started here. */
export function plannedRelease(
  { deployment }: Pick<Plan, 'deployment'>,
  run: BroughtBy,
  place: { environment: string; service: string },
): PlannedRelease | null {
  const service = deployment?.services.find(({ name }) => name === place.service);
  if (deployment === null || service === undefined) return null;
  const artifact = findArtifact(run, deployment);
  if (artifact === null) return null;
  const { runId = '', commit = '' } = run;
  // What was rendered is not known from events; what is missing is told apart from what was never there.
  const inputs = deployment.inputs === undefined ? null : forgottenInputs(place.environment);
  return releaseOf(deployment, { service, environment: place.environment, artifact, runId, commit, inputs });
}

/** A run, or what a rebuild knows of it. */
type BroughtBy = Pick<RunState, 'slices'> & Partial<Pick<RunState, 'runId' | 'commit'>>;

function releaseOf(deployment: DeploymentPlan, brought: Brought): PlannedRelease {
  const { service, environment } = brought;
  const replicas = replicasOf(service, brought);
  const started = manifestOf({ ...service, replicas, port: portIn(service, environment) }, brought.artifact.digest);
  const container = containerOf(deployment, brought);
  const flagged = { ...started, ...flagOf(deployment, service) };
  const manifest = container === null ? flagged : { ...flagged, container };
  const weights = planWeights(deployment, service, replicas);
  return { version: versionOf(manifest, brought.inputs), manifest, strategy: deployment.strategy, weights };
}

// Without a build of its own the source is what is deployed. A cluster runs images, and only those that a digest names.
function findArtifact({ slices }: Pick<RunState, 'slices'>, { provider }: DeploymentPlan): Built | null {
  const built = slices.build.result?.artifacts ?? [];
  if (provider === 'kubernetes') {
    const image = built.find(({ kind, reference }) => kind === 'IMAGE' && reference?.includes('@sha256:') === true);
    return image === undefined ? null : { digest: image.digest, image: image.reference };
  }
  const source = built.length === 0 ? slices.gitops.source?.snapshotDigest : null;
  const digest = source ?? built.find(({ kind }) => kind === 'ARCHIVE')?.digest;
  return digest === undefined ? null : { digest, image: null };
}

function manifestOf(service: ServicePlan, artifactDigest: string): Manifest {
  const { command, env, port, replicas, healthPath, metricsPath, readyTimeoutMs } = service;
  return {
    artifactDigest,
    command: [...command],
    env: { ...env },
    port,
    replicas,
    healthPath,
    metricsPath,
    readyTimeoutMs,
  };
}

/** An artifact with its configuration: the same bytes with other settings are another version. */
function versionOf(
  { artifactDigest, command, env, healthPath, container }: Manifest,
  inputs: StoredInputs | null,
): string {
  const settings = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  // Of all environments, so that the version is the same in each: a quarantine holds for what is promoted.
  const objects = inputs ?? undefined;
  const { hooks } = container ?? {};
  const content = JSON.stringify({ artifactDigest, command, settings, healthPath, objects, hooks });
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

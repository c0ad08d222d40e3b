import { createHash } from 'node:crypto';
import {
  portIn,
  type DeploymentPlan,
  type LaneRequest,
  type Manifest,
  type Plan,
  type PlannedRelease,
  type RunState,
  type ServicePlan,
} from '@orchestra/contracts';
import { planWeights } from './decide-weights.ts';
import type { Work } from './work.ts';

// After so many waiters in a row that a newer one pushed out, one is protected: somebody deploys.
const maxSupersedes = 5;

/** What a run would bring to a target, or why there is nothing that could be brought. */
export type Candidate = { kind: 'ready'; request: LaneRequest } | { kind: 'none'; reason: string; message: string };

export function gatherCandidate(work: Work, plan: Plan): Candidate {
  const { deployment } = plan;
  const service = deployment?.services.find(({ name }) => name === work.name.service);
  if (deployment === null || service === undefined) {
    return { kind: 'none', reason: 'not_planned', message: 'The pipeline file names no such service' };
  }
  if (deployment.provider !== 'local') {
    return {
      kind: 'none',
      reason: 'provider_not_available',
      message: 'This installation deploys to local processes only',
    };
  }
  const artifactDigest = findArtifact(work.context.run);
  if (artifactDigest === null) {
    return {
      kind: 'none',
      reason: 'nothing_to_deploy',
      message: 'The build made no archive that could be started here',
    };
  }
  const { runId, generation } = work.mover;
  const { sequence, commit } = work.context.run;
  const release = releaseOf(deployment, { service, environment: work.name.environment, artifactDigest });
  const identity = { runId, generation, sequence, jobId: work.context.job.jobId, commit };
  return { kind: 'ready', request: { ...identity, ...release, byPerson: false, maxSupersedes } };
}

/** What a run brings to a target by its plan, also for a rebuild; null: nothing that could be started here. */
export function plannedRelease(
  { deployment }: Pick<Plan, 'deployment'>,
  run: Pick<RunState, 'slices'>,
  place: { environment: string; service: string },
): PlannedRelease | null {
  const service = deployment?.services.find(({ name }) => name === place.service);
  const artifactDigest = findArtifact(run);
  if (deployment === null || service === undefined || artifactDigest === null) return null;
  return releaseOf(deployment, { service, environment: place.environment, artifactDigest });
}

interface Brought {
  service: ServicePlan;
  environment: string;
  artifactDigest: string;
}

function releaseOf(deployment: DeploymentPlan, { service, environment, artifactDigest }: Brought): PlannedRelease {
  const manifest = manifestOf({ ...service, port: portIn(service, environment) }, artifactDigest);
  const weights = planWeights(deployment, service.replicas);
  return { version: versionOf(manifest), manifest, strategy: deployment.strategy, weights };
}

// Without a build of its own the source is what is deployed.
function findArtifact({ slices }: Pick<RunState, 'slices'>): string | null {
  const built = slices.build.result?.artifacts ?? [];
  if (built.length === 0) return slices.gitops.source?.snapshotDigest ?? null;
  return built.find(({ kind }) => kind === 'ARCHIVE')?.digest ?? null;
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
function versionOf({ artifactDigest, command, env, healthPath }: Manifest): string {
  const settings = Object.entries(env).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const content = JSON.stringify({ artifactDigest, command, settings, healthPath });
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

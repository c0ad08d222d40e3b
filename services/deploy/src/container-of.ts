import type { DeploymentPlan, HookPlan, HooksPlan, Manifest, ServicePlan } from '@orchestra/contracts';
import type { StoredInputs } from './render-once.ts';
import { rolloutsOf } from './rollouts-of.ts';

/** What the build made. `image`: its name with digest; null for an archive. */
export interface Built {
  digest: string;
  image: string | null;
}

/** What a run brings of a service to an environment. */
export interface Brought {
  service: ServicePlan;
  environment: string;
  artifact: Built;
  runId: string;
  commit: string;
  inputs: StoredInputs | null;
}

/** How many pods or processes serve: of the user's own Deployment where the pipeline file does not say it. */
export function replicasOf({ name, replicas, replicasOf: by }: ServicePlan, { inputs, environment }: Brought): number {
  const written = by === 'inputs' ? environmentOf(inputs, environment)?.replicas : undefined;
  return new Map(Object.entries(written ?? {})).get(name) ?? replicas;
}

// An environment may be called `constructor`.
function environmentOf(inputs: StoredInputs | null, environment: string) {
  return new Map(Object.entries(inputs?.environments ?? {})).get(environment);
}

const forgottenDigest = `sha256:${'0'.repeat(64)}`;

/**
 * What stands for objects that were rendered and are not known any more, as after a rebuild of the store: told apart from
 * what was never there, so that nobody brings up a release without them.
 */
export function forgottenInputs(environment: string): StoredInputs {
  const environments = { [environment]: { digest: forgottenDigest, replicas: {} } };
  return { rendered: forgottenDigest, environments };
}

/** What a release has in a cluster; null: it runs as processes. */
export function containerOf(deployment: DeploymentPlan, brought: Brought): Manifest['container'] | null {
  const { service, environment, artifact, runId, commit } = brought;
  const { image } = artifact;
  if (image === null) return null;
  const { namespaces } = deployment;
  const objects = objectsOf(deployment, brought);
  const namespace = new Map(Object.entries(namespaces ?? {})).get(environment) ?? environment;
  return {
    namespace,
    image,
    port: service.containerPort ?? service.port,
    runId,
    commit,
    ...(objects === null ? {} : { objects }),
    ...(service.hooks === undefined ? {} : { hooks: hooksOf(service.hooks) }),
    ...(service.route === undefined ? {} : { route: service.route }),
    ...(service.rollout === undefined ? {} : { rollout: service.rollout }),
  };
}

function objectsOf({ services }: DeploymentPlan, { inputs, environment }: Brought) {
  const digest = environmentOf(inputs, environment)?.digest;
  if (inputs === null || digest === undefined) return null;
  const rollouts = rolloutsOf(services);
  const isPlain = Object.keys(rollouts).length === 0;
  const names = services.map(({ name }) => name);
  return { digest, rendered: inputs.rendered, services: names, ...(isPlain ? {} : { rollouts }) };
}

function hooksOf({ pre, post }: HooksPlan) {
  return { ...(pre === undefined ? {} : { pre: hookOf(pre) }), ...(post === undefined ? {} : { post: hookOf(post) }) };
}

function hookOf({ command, timeoutMs }: HookPlan) {
  return { command: [...command], timeoutMs };
}

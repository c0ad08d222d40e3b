import type { DeploymentPlan, RolloutStep, ServicePlan, StrategyName } from '../plan/plan.ts';
import { toArguments, toMs } from './fields.ts';
import { resolveHooks, resolveInputs } from './resolve-inputs.ts';
import { resolveApprovals } from './resolve-approvals.ts';
import { resolveEnvironments } from './resolve-environments.ts';
import { resolveWaits } from './resolve-observability.ts';
import { resolveWindows } from './resolve-windows.ts';
import type { PipelineFile } from './schema.ts';
import { isStageEnabled } from './stages.ts';
import type { IsWritten } from './written.ts';

type WrittenDeployment = NonNullable<PipelineFile['deployment']>;
export type WrittenService = WrittenDeployment['services'][number];

export function resolveDeployment(file: PipelineFile, isWritten: IsWritten): DeploymentPlan | null {
  const { deployment } = file;
  if (deployment === undefined || !isStageEnabled('deploy', file, isWritten)) return null;
  const environments = resolveEnvironments(file);
  const provider = resolveProvider(deployment);
  const inputs = resolveInputs(deployment);
  const stepTimeoutMs = toMs(deployment.step_timeout_seconds ?? defaultStepTimeout(file.observability));
  const isTimed = (index: number): boolean => isWritten('deployment', 'services', index, 'ready_timeout_seconds');
  const isSized = (index: number): boolean => isWritten('deployment', 'services', index, 'replicas');
  return {
    provider,
    ...(provider === 'local' ? {} : { namespaces: resolveNamespaces(deployment, environments) }),
    strategy: deployment.strategy,
    steps: resolveSteps(deployment),
    environments,
    ...resolveApprovals(deployment.approvals),
    ...(inputs === null ? {} : { inputs }),
    services: deployment.services.map((service, index) => ({
      ...resolveService(service, { provider, environments }),
      ...(inputs === null || isSized(index) ? {} : { replicasOf: 'inputs' as const }),
      // All steps of an Argo Rollout are one of ours.
      ...(service.rollout === undefined || isTimed(index) ? {} : { readyTimeoutMs: stepTimeoutMs }),
    })),
    stepTimeoutMs,
    onInconclusive: deployment.on_inconclusive,
    ...(deployment.windows === undefined ? {} : { windows: resolveWindows(deployment.windows) }),
  };
}

/** Where it runs: as the section says, or, in an older form, its services. */
export function resolveProvider({ provider, type, services }: WrittenDeployment): DeploymentPlan['provider'] {
  const written = provider ?? type;
  if (written !== undefined) return written;
  return services.some(({ runtime }) => runtime?.toLowerCase() === 'kubernetes') ? 'kubernetes' : 'local';
}

/** The namespace of each environment; one that is nowhere written is left out, which the checks refuse. */
export function resolveNamespaces(
  { namespace }: WrittenDeployment,
  environments: readonly string[],
): Readonly<Record<string, string>> {
  if (namespace === undefined) return {};
  if (typeof namespace !== 'string') return namespace;
  return Object.fromEntries(environments.map((environment) => [environment, namespace]));
}

// A step must outlive its watch, else it would end before anybody has judged it.
function defaultStepTimeout(observability: PipelineFile['observability']): number {
  const margin = 60;
  return Math.max(600, observability.step_watch_seconds + resolveWaits(observability).maxWaitSeconds + margin);
}

const defaultWeights: Record<StrategyName, readonly number[]> = {
  immediate: [100],
  blue_green: [100],
  rolling: [25, 50, 100],
  canary: [10, 50, 100],
  feature_flag: [10, 50, 100],
};

function resolveSteps({ strategy, steps }: WrittenDeployment): RolloutStep[] {
  const inOneMove = strategy === 'immediate' || strategy === 'blue_green';
  const weights = steps === undefined || inOneMove ? defaultWeights[strategy] : stepWeights(steps);
  const complete = weights.at(-1) === 100 ? weights : [...weights, 100];
  return complete.map((weightPercent) => ({ weightPercent }));
}

/** The shares of written steps, in either form. */
export function stepWeights(steps: NonNullable<WrittenDeployment['steps']>): readonly number[] {
  return steps.map((step) => (typeof step === 'number' ? step : step.weight_percent));
}

const anyPort = 0;

const usualContainerPort = 8080;

interface Serving {
  provider: DeploymentPlan['provider'];
  environments: readonly string[];
}

function resolveService(service: WrittenService, { provider, environments }: Serving): ServicePlan {
  const ports = environments.map((environment): [string, number] => [
    environment,
    servicePort({ service, environment, provider, environments }),
  ]);
  return {
    name: service.name,
    command: serviceCommand(service) ?? [],
    port: ports.at(-1)?.[1] ?? anyPort,
    environmentPorts: Object.fromEntries(ports),
    env: Object.fromEntries(
      environmentEntries(service.env).flatMap(({ name, value }) =>
        value === null || name === 'PORT' ? [] : [[name, value]],
      ),
    ),
    replicas: service.replicas,
    healthPath: service.health_path,
    metricsPath: service.metrics_path ?? null,
    readyTimeoutMs: toMs(service.ready_timeout_seconds),
    ...(service.flag === undefined ? {} : { flag: service.flag }),
    ...(service.depends_on === undefined ? {} : { dependsOn: service.depends_on }),
    ...(provider === 'local' ? {} : resolveInCluster(service)),
  };
}

function resolveInCluster(service: WrittenService): Partial<ServicePlan> {
  const hooks = resolveHooks(service);
  return {
    containerPort: service.container_port ?? usualContainerPort,
    ...(hooks === null ? {} : { hooks }),
    ...(service.route === undefined ? {} : { route: service.route }),
    ...(service.rollout === undefined ? {} : { rollout: service.rollout }),
  };
}

interface Served extends Serving {
  service: WrittenService;
  environment: string;
}

/**
 * The port of a service in an environment: on one machine a plain one holds in the last environment only, so that two never
 * collide.
 */
function servicePort({ service: { port }, environment, provider, environments }: Served): number {
  const holds = provider === 'kubernetes' || environment === environments.at(-1);
  if (typeof port === 'number') return holds ? port : anyPort;
  // An environment may be called `constructor`.
  return new Map(Object.entries(port)).get(environment) ?? anyPort;
}

/** What starts a service; null when neither `command` nor `runtime` says it, which the checks refuse. */
export function serviceCommand({ command, runtime }: WrittenService): readonly string[] | null {
  if (command !== undefined) return toArguments(command);
  return runtime !== undefined && /^node(js|\.js)?(\d|\b)/i.test(runtime) ? ['npm', 'start'] : null;
}

/** The variables of a service in either form; `value` is null for an older entry that is only a name. */
export function environmentEntries(env: WrittenService['env']): { name: string; value: string | null }[] {
  if (env === undefined) return [];
  if (!Array.isArray(env)) return Object.entries(env).map(([name, value]) => ({ name, value: String(value) }));
  return env.map((entry) => {
    if (typeof entry !== 'string') return { name: entry.name, value: String(entry.value) };
    const end = entry.indexOf('=');
    return end === -1 ? { name: entry, value: null } : { name: entry.slice(0, end), value: entry.slice(end + 1) };
  });
}

import { mapOf, type ClusterObject } from './cluster-object.ts';

/** By this label an object says whose it is, where its name does not. */
const serviceLabel = 'devops-orchestra.io/service';

/** The objects of a stream that come with one service. */
export interface OwnObjects {
  /** The Deployment, or the Argo Rollout, that is the template of each release; null: there is none. */
  template: ClusterObject | null;
  /** The Service that has the service's name: its ports and its kind are those of the target. Those of a Rollout are its own. */
  front: ClusterObject | null;
  /** What is applied as it stands. */
  others: readonly ClusterObject[];
}

/** The services of the pipeline file. `rollouts`: which of them are Argo Rollouts, by their names in the cluster. */
export interface Services {
  services: readonly string[];
  rollouts?: Readonly<Record<string, string>> | undefined;
}

/**
 * Takes out of a stream what comes with one service. Each object comes with exactly one: the one that its label
 * `devops-orchestra.io/service`, its name or its label `app.kubernetes.io/name` names, else the first.
 */
export function ownObjects(objects: readonly ClusterObject[], service: string, of: Services): OwnObjects {
  const { services } = of;
  const own = objects.filter((object) => ownerOf(object, services) === service && !isNamedRollout(object, of));
  const rollout = findRolloutOf(service, of);
  if (rollout !== null) {
    const template = objects.find((object) => isRollout(object, rollout)) ?? null;
    return { template, front: null, others: own };
  }
  const template = findTemplate(objects, service, services);
  const front = own.find((object) => object.kind === 'Service' && object.metadata.name === service) ?? null;
  return { template, front, others: own.filter((object) => object !== template && object !== front) };
}

function ownerOf({ metadata }: ClusterObject, services: readonly string[]): string | undefined {
  const named = [metadata.labels?.[serviceLabel], metadata.name, metadata.labels?.['app.kubernetes.io/name']];
  return named.find((name) => name !== undefined && services.includes(name)) ?? services[0];
}

/** The Argo Rollout that a service is; null: it is none. */
export function findRolloutOf(service: string, { rollouts = {} }: Services): string | null {
  // A service may be called `constructor`.
  return Object.hasOwn(rollouts, service) ? (rollouts[service] ?? null) : null;
}

/** Whether an object is the Argo Rollout that one of the services is. */
export function isNamedRollout(object: ClusterObject, { rollouts = {} }: Services): boolean {
  return Object.values(rollouts).some((name) => isRollout(object, name));
}

function isRollout({ kind, apiVersion, metadata }: ClusterObject, name: string): boolean {
  return kind === 'Rollout' && apiVersion.startsWith('argoproj.io/') && metadata.name === name;
}

// Charts give their Deployment a name of their own. Where there is one of each there is no doubt.
function findTemplate(
  objects: readonly ClusterObject[],
  service: string,
  services: readonly string[],
): ClusterObject | null {
  const deployments = objects.filter(({ kind, apiVersion }) => kind === 'Deployment' && apiVersion.startsWith('apps/'));
  const named = deployments.find(
    ({ metadata }) => metadata.labels?.[serviceLabel] === service || metadata.name === service,
  );
  const [only, ...more] = deployments;
  return named ?? (services.length === 1 && more.length === 0 ? (only ?? null) : null);
}

/** The containers of a Deployment, or of an Argo Rollout. */
export function podOf(deployment: ClusterObject): Readonly<Record<string, unknown>> {
  return mapOf(mapOf(mapOf(deployment['spec'])['template'])['spec']);
}

/** The labels that the pods of a Deployment get from its files. */
export function podLabelsOf(deployment: ClusterObject): Readonly<Record<string, unknown>> {
  return mapOf(mapOf(mapOf(mapOf(deployment['spec'])['template'])['metadata'])['labels']);
}

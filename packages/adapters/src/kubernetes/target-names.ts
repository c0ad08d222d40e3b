import { createHash } from 'node:crypto';

/** Under this name server-side apply knows what is ours. */
export const fieldManager = 'devops-orchestra';

const own = 'devops-orchestra.io';

export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  name: 'app.kubernetes.io/name',
  /** The digest of the target's name: the same service of another repository is another target. */
  target: `${own}/target`,
  release: `${own}/release`,
  run: `${own}/run`,
  commit: `${own}/commit`,
};

export const annotations = {
  /** The name of the target in full. */
  target: `${own}/target-name`,
  /** The number of the last move. */
  epoch: `${own}/epoch`,
  /** On a Service: the shares of the traffic that were asked for, as JSON. */
  weights: `${own}/weights`,
  /** On a Deployment: with how many pods the release serves by itself. */
  size: `${own}/size`,
  /** On a Deployment: the HTTPRoute that shares its traffic. On a Service: the one that may be sharing it now. */
  route: `${own}/route`,
  /** On an Argo Rollout: the release before the one that was asked for last. */
  former: `${own}/former-release`,
  /** On a Service: its ports are those of the user's files. */
  front: `${own}/ports-of-files`,
};

/** The names of a target's objects. */
export interface TargetNames {
  target: string;
  namespace: string;
  service: string;
  /** The value of the label {@link labels.target}. */
  id: string;
}

/** On an HTTPRoute, which may lead to several targets: what the moves of one have made of it, as JSON. */
export function shareAnnotation({ id }: TargetNames): string {
  return `share.${own}/${id}`;
}

/** The Service of the release that gets a part of the traffic by a route. */
export function canaryName({ service }: TargetNames): string {
  return `${service.slice(0, longestName - canarySuffix.length)}${canarySuffix}`;
}

const canarySuffix = '-canary';
const longestName = 63;

/** @param target `repository/environment/service` */
export function nameTarget(target: string, namespace: string): TargetNames {
  const service = target.split('/').at(-1) ?? target;
  const id = createHash('sha256').update(target).digest('hex').slice(0, 10);
  return { target, namespace, service, id };
}

// Names of Deployments become parts of names of pods, which have 63 characters.
const longestService = 30;

export function deploymentName({ service, id }: TargetNames, release: string): string {
  return `${service.slice(0, longestService)}-${id}-${release}`;
}

/** Selects the objects of a target. */
export function selectorOf({ id }: TargetNames): string {
  return `${labels.target}=${id}`;
}

/** A label takes 63 letters, digits, dots, hyphens and underscores. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

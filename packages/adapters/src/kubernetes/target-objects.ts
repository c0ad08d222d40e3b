import type { Readable } from 'node:stream';
import type { V1Container, V1Deployment, V1Service } from '@kubernetes/client-node';
import { annotations, deploymentName, fieldManager, labels, labelValue, type TargetNames } from './target-names.ts';

/** How a release of a container image is started. */
export interface ClusterStartable {
  release: string;
  /** Empty: that of the image. */
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Where users reach the target; 0: port 80. */
  port: number;
  replicas: number;
  healthPath: string;
  readyTimeoutMs: number;
  container?: ClusterContainer | undefined;
  /** Opens what is kept under a digest: the objects of `container`. */
  openStored?: ((digest: string) => Promise<Readable>) | undefined;
}

/** What a release has in a cluster beside what every release has. */
export interface ClusterContainer {
  /** The image with its digest. */
  image: string;
  /** Where the container listens; it is told so in `PORT`. */
  port: number;
  runId: string;
  commit: string;
  /** What the user's own files were rendered to for this environment; absent: there are none. */
  objects?: StoredObjects | undefined;
  /** The HTTPRoute whose weights share its traffic; absent: the number of pods does. */
  route?: string | undefined;
  /** The Argo Rollout that it is; absent: a Deployment. */
  rollout?: string | undefined;
}

/** A stream of objects. */
export interface StoredObjects {
  digest: string;
  /** All services of the file, of which each has its part of the objects. */
  services: readonly string[];
  /** By service: the Argo Rollout that it is; absent: none of them is one. */
  rollouts?: Readonly<Record<string, string>> | undefined;
}

/** A release as it is to be, with all that its Deployment is made of. */
export interface Described {
  names: TargetNames;
  startable: ClusterStartable;
  container: ClusterContainer;
  epoch: number;
  /** Pods for now; the size of a release stands in its annotation. */
  replicas: number;
}

const anyPort = 80;
// A pod that ends answers until its address is forgotten everywhere: on a busy node that has taken longer than two seconds.
const leaveSeconds = 5;

/** The Deployment of one release, as it is applied. */
export function describeDeployment({ names, startable, container, epoch, replicas }: Described): V1Deployment {
  const { release, readyTimeoutMs } = startable;
  const chosen = { [labels.target]: names.id, [labels.release]: release };
  const marked = {
    ...ownLabels(names),
    ...chosen,
    [labels.run]: labelValue(container.runId),
    [labels.commit]: labelValue(container.commit),
  };
  const marks = {
    [annotations.target]: names.target,
    [annotations.epoch]: String(epoch),
    [annotations.size]: String(startable.replicas),
    ...(container.route === undefined ? {} : { [annotations.route]: container.route }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: deploymentName(names, release),
      namespace: names.namespace,
      labels: marked,
      annotations: marks,
    },
    spec: {
      replicas,
      progressDeadlineSeconds: Math.max(1, Math.ceil(readyTimeoutMs / 1000)),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: chosen },
      template: { metadata: { labels: marked }, spec: { containers: [describeContainer(startable, container)] } },
    },
  };
}

function describeContainer(startable: ClusterStartable, { image, port }: ClusterContainer): V1Container {
  const { command, env, healthPath, readyTimeoutMs } = startable;
  const health = { httpGet: { path: healthPath, port: 'http' } };
  const variables = Object.entries({ ...env, PORT: String(port) }).map(([name, value]) => ({ name, value }));
  return {
    name: 'app',
    image,
    ...(command.length === 0 ? {} : { command: [...command] }),
    env: variables,
    ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
    startupProbe: { ...health, periodSeconds: 1, failureThreshold: Math.max(1, Math.ceil(readyTimeoutMs / 1000)) },
    readinessProbe: { ...health, periodSeconds: 2, failureThreshold: 2 },
    lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } },
  };
}

/** The Service of a target before anything has its traffic. */
export function describeService(names: TargetNames, { epoch, port }: { epoch: number; port: number }): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: names.service,
      namespace: names.namespace,
      labels: { ...ownLabels(names), [labels.target]: names.id },
      annotations: {
        [annotations.target]: names.target,
        [annotations.epoch]: String(epoch),
        [annotations.weights]: '{}',
      },
    },
    spec: { selector: selectOne(names, 'none'), ports: [describePort(port)] },
  };
}

/** A named port of the pods, so that each release may listen where it likes. */
export function describePort(port: number) {
  return { name: 'http', protocol: 'TCP', port: port === 0 ? anyPort : port, targetPort: 'http' };
}

/** The selector of a Service whose traffic goes to one release. */
export function selectOne({ id }: TargetNames, release: string): Record<string, string> {
  return { [labels.target]: id, [labels.release]: release };
}

/** The selector of a Service whose traffic is shared by all pods of the target. */
export function selectAll({ id }: TargetNames): Record<string, string> {
  return { [labels.target]: id };
}

function ownLabels({ service }: TargetNames): Record<string, string> {
  return { [labels.managedBy]: fieldManager, [labels.name]: service };
}

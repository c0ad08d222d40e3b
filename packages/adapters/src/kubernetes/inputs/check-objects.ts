import { listOf, mapOf, nameOf, type ClusterObject } from './cluster-object.ts';
import { findRolloutOf, isNamedRollout, ownObjects, podLabelsOf, podOf, type Services } from './own-objects.ts';

/** What an installation and a pipeline file allow. */
export interface AllowedObjects extends Services {
  kinds: readonly string[];
  /** The namespace of the environment. */
  namespace: string;
  /** The image of the build, with its digest. */
  image: string;
}

/**
 * What is wrong with the objects of a deployment, each with what mends it, all at once. Empty: they may be applied.
 * Pure: the cluster is asked afterwards.
 */
export function checkObjects(objects: readonly ClusterObject[], allowed: AllowedObjects): string[] {
  const alone = objects.flatMap((object) => checkOne(object, allowed));
  const twice = objects.filter((object, index) => objects.findIndex((other) => isSame(object, other)) !== index);
  return [
    ...alone,
    ...twice.map((object) => `${nameOf(object)} stands there twice: keep one`),
    ...allowed.services.flatMap((service) => checkService(objects, service, allowed)),
  ];
}

const refusedAlways: Readonly<Record<string, string>> = {
  Job: 'write it as `hooks` of the service, which run once for each run',
  Pod: 'a Deployment keeps pods alive',
  Rollout: 'name it in `rollout` of its service, whose template it then is',
  Namespace: 'namespaces are made by whoever runs the installation',
};

function checkOne(object: ClusterObject, allowed: AllowedObjects): string[] {
  const { kind, metadata } = object;
  const { kinds, namespace } = allowed;
  const name = nameOf(object);
  if (Object.keys(metadata.annotations ?? {}).includes('helm.sh/hook')) {
    return [`${name} is a hook of Helm, and those are not run: write it as \`hooks\` of the service`];
  }
  const never = new Map(Object.entries(refusedAlways)).get(kind);
  if (never !== undefined && !isNamedRollout(object, allowed)) return [`${name} is not applied: ${never}`];
  if (!kinds.includes(kind)) return [`${name} is refused: ${mendKind(kind)}`];
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) {
    return [`${name} names the namespace ${metadata.namespace}, not ${namespace}: leave \`namespace\` out`];
  }
  return [];
}

function mendKind(kind: string): string {
  if (kind !== 'Secret') return `the installation does not allow the kind ${kind} (KUBERNETES_KINDS)`;
  return 'make it in the namespace by other means, and name it in the files; or let the installation allow the kind Secret (KUBERNETES_KINDS)';
}

function isSame(one: ClusterObject, other: ClusterObject): boolean {
  return one.kind === other.kind && one.metadata.name === other.metadata.name && one.apiVersion === other.apiVersion;
}

function checkService(objects: readonly ClusterObject[], service: string, allowed: AllowedObjects): string[] {
  const { template, front } = ownObjects(objects, service, allowed);
  const isARollout = findRolloutOf(service, allowed) !== null;
  if (template === null) {
    // Then it is in the cluster already.
    if (isARollout) return [];
    const mend = `give it that name, or the label \`devops-orchestra.io/service: ${service}\``;
    return [`No Deployment belongs to the service ${service}: ${mend}`];
  }
  const images = listOf(podOf(template)['containers']).map((container) => mapOf(container)['image']);
  const wrong = images.includes(allowed.image) ? [] : [refuseImages(template, images, allowed.image)];
  // Its Services and its autoscaler are its own matter.
  if (isARollout) return wrong;
  const around = objects.filter((object) => object !== template && object !== front);
  return [...wrong, ...around.flatMap((object) => checkBeside(object, template, service))];
}

function refuseImages(template: ClusterObject, images: readonly unknown[], image: string): string {
  const [built = image] = image.split('@');
  return `No container of ${nameOf(template)} runs what the build made: write \`image: ${built}\` in place of ${images.join(', ')}`;
}

// What would work past the shares of the traffic, or against the number of pods.
function checkBeside(object: ClusterObject, template: ClusterObject, service: string): string[] {
  const spec = mapOf(object['spec']);
  const scaled = mapOf(spec['scaleTargetRef']);
  if (object.kind === 'HorizontalPodAutoscaler' && scaled['name'] === template.metadata.name) {
    return [`${nameOf(object)} would scale ${service}, whose pods carry its shares of the traffic: write \`replicas\``];
  }
  const selector = Object.entries(mapOf(spec['selector']));
  if (object.kind !== 'Service' || selector.length === 0 || spec['clusterIP'] === 'None') return [];
  const labels = podLabelsOf(template);
  if (!selector.every(([key, value]) => labels[key] === value)) return [];
  const mend = `call it ${service} (in many charts \`fullnameOverride: ${service}\`), or make it headless`;
  return [`${nameOf(object)} selects the pods of ${service} whatever their share of the traffic: ${mend}`];
}

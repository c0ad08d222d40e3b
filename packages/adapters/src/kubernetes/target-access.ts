import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from './connect-cluster.ts';
import { gatherRoute } from './route/read-route.ts';
import { stampRoute } from './route/stamp-route.ts';
import { orNull } from './read-refusal.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { annotations, fieldManager, labels, selectorOf, type TargetNames } from './target-names.ts';
import { describePort, describeService } from './target-objects.ts';
import { epochOf, type Gathered } from './view.ts';

/** A move of a target, and where its objects are. */
export interface Entering {
  apis: Apis;
  names: TargetNames;
  epoch: number;
  /** Where users reach the target; null: as it is. */
  port: number | null;
  signal?: AbortSignal | undefined;
}

/** Reads what is there of a target; null: nothing. @throws OrchestraError `TARGET_DENIED` for a Service that is not ours */
export async function gather(apis: Apis, names: TargetNames): Promise<Gathered | null> {
  const service = await readService(apis, names);
  if (service === null) return null;
  const deployments = await listDeployments(apis, names);
  return { service, deployments, routed: await gatherRoute(apis, names, service) };
}

async function readService({ core }: Apis, names: TargetNames): Promise<V1Service | null> {
  const service = await orNull(core.readNamespacedService({ name: names.service, namespace: names.namespace }));
  if (service !== null && service.metadata?.labels?.[labels.target] !== names.id) throw notOurs(names, service);
  return service;
}

async function listDeployments({ apps }: Apis, names: TargetNames): Promise<V1Deployment[]> {
  const { items } = await apps.listNamespacedDeployment({
    namespace: names.namespace,
    labelSelector: selectorOf(names),
  });
  return items;
}

/**
 * Does `work` on what is there, under the epoch of a move: the epoch is written to the Service and to each Deployment first,
 * so that whoever decided on older facts meets another `resourceVersion`. When the world has changed meanwhile it is
 * gathered again, five times at most.
 *
 * @throws OrchestraError `TARGET_REFUSED`, not retriable, where a higher epoch is there; `TARGET_UNREACHABLE`, retriable
 */
export async function underEpoch<T>(entering: Entering, work: (gathered: Gathered) => Promise<T>): Promise<T> {
  return retryConflicts(entering.names, entering.signal, async () => work(await enter(entering)));
}

// What is behind the Service is read once the Service has the epoch: from then on no older move changes it.
async function enter({ apis, names, epoch, port }: Entering): Promise<Gathered> {
  const found = (await readService(apis, names)) ?? (await createService(apis, names, { epoch, port: port ?? 0 }));
  refuseOlder(found, epoch);
  const service = await stampService({ apis, names, epoch, port }, found);
  const there = await listDeployments(apis, names);
  for (const deployment of there) refuseOlder(deployment, epoch);
  const deployments = await Promise.all(there.map(async (deployment) => stampDeployment(apis, deployment, epoch)));
  const routed = await stampRoute(apis, { names, epoch, routed: await gatherRoute(apis, names, service) });
  return { service, deployments, routed };
}

async function createService(apis: Apis, names: TargetNames, made: { epoch: number; port: number }) {
  const body = describeService(names, made);
  return apis.core.createNamespacedService({ namespace: names.namespace, body, fieldManager });
}

async function stampService({ apis, names, epoch, port }: Entering, service: V1Service): Promise<V1Service> {
  const ports = otherPorts(service, port);
  if (epochOf(service) === epoch && ports === null) return service;
  return patchService(
    { apis, names, service },
    { ...marked(service, { [annotations.epoch]: String(epoch) }), ...(ports === null ? {} : { spec: { ports } }) },
  );
}

// Null: they stay. Those of the user's files are brought with a release.
function otherPorts({ metadata, spec }: V1Service, port: number | null) {
  const isGiven = metadata?.annotations?.[annotations.front] !== undefined;
  if (port === null || port === 0 || isGiven) return null;
  return spec?.ports?.[0]?.port === port ? null : [describePort(port)];
}

/** Writes a part of a Service if nobody has changed it since it was read. */
export function patchService(
  { apis, names, service }: { apis: Apis; names: TargetNames; service: V1Service },
  body: object,
): Promise<V1Service> {
  const named = { name: service.metadata?.name ?? names.service, namespace: names.namespace };
  return apis.core.patchNamespacedService({ ...named, body, fieldManager }, apis.part);
}

async function stampDeployment(apis: Apis, deployment: V1Deployment, epoch: number): Promise<V1Deployment> {
  if (epochOf(deployment) === epoch) return deployment;
  return patchDeployment(apis, deployment, marked(deployment, { [annotations.epoch]: String(epoch) }));
}

/** Writes a part of a Deployment if nobody has changed it since it was read; `body` names its `resourceVersion`. */
export function patchDeployment(apis: Apis, { metadata }: V1Deployment, body: object): Promise<V1Deployment> {
  const named = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
  return apis.apps.patchNamespacedDeployment({ ...named, body, fieldManager }, apis.part);
}

/** The part of a body that holds it to what was read, and sets annotations. */
export function marked({ metadata }: V1Service | V1Deployment, marks: Readonly<Record<string, string | null>>) {
  return { metadata: { resourceVersion: metadata?.resourceVersion, annotations: marks } };
}

function refuseOlder(found: V1Service | V1Deployment, epoch: number): void {
  const there = epochOf(found);
  if (there <= epoch) return;
  throw new OrchestraError('TARGET_REFUSED', `The world has seen epoch ${there}, this move is ${epoch}`);
}

function notOurs({ service, namespace, target }: TargetNames, { metadata }: V1Service): OrchestraError {
  const owner = metadata?.annotations?.[annotations.target] ?? 'somebody else';
  const message = `The Service ${service} in ${namespace} belongs to ${owner}, not to ${target}`;
  return new OrchestraError('TARGET_DENIED', message);
}

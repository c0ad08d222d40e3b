import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { marked, patchService, type Entering } from '../target-access.ts';
import { annotations } from '../target-names.ts';
import { describePort } from '../target-objects.ts';
import { onlyServing, releaseOf, type Gathered } from '../view.ts';
import { listOf, mapOf, type ClusterObject } from './cluster-object.ts';

/**
 * What the Service of a target takes from the user's own: its kind, its ports, its labels. The selector is ours, and so is
 * the address.
 */
export function frontPart(front: ClusterObject): { metadata: object; spec: object } {
  const { selector: _selector, clusterIP: _address, clusterIPs: _addresses, ...spec } = mapOf(front['spec']);
  const { labels = {}, annotations: notes = {} } = front.metadata;
  return { metadata: { labels, annotations: { ...notes, [annotations.front]: 'yes' } }, spec };
}

interface Bringing extends Pick<Entering, 'apis' | 'names'> {
  gathered: Gathered;
  /** Null: the files have no Service of this name, and the ports are ours. */
  front: ClusterObject | null;
  port: number;
}

/** Makes true that the Service of a target has the ports that a release brings. */
export async function bringFront({ apis, names, gathered, front, port }: Bringing): Promise<void> {
  const { service } = gathered;
  const body = frontBody(service, front, port);
  if (body !== null) await patchService({ apis, names, service }, body);
}

/** The change that brings the ports to a Service that is there, held to how it was read; null: none is needed. */
export function frontBody(service: V1Service, front: ClusterObject | null, port: number): object | null {
  const { metadata } = marked(service, {});
  if (front !== null) {
    const part = frontPart(front);
    return { metadata: { ...metadata, ...part.metadata }, spec: part.spec };
  }
  if (service.metadata?.annotations?.[annotations.front] === undefined) return null;
  return {
    metadata: { ...metadata, annotations: { [annotations.front]: null } },
    spec: { ports: [describePort(port)] },
  };
}

/**
 * Refuses ports that lead nowhere in what serves now: the Service would have them before the traffic has moved.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable
 */
export function refuseLostPorts(front: ClusterObject | null, { service, deployments }: Gathered): void {
  const only = onlyServing(service);
  const serving = deployments.filter((one) =>
    only === null ? (one.spec?.replicas ?? 0) > 0 : releaseOf(one) === only,
  );
  const named =
    front === null ? ['http'] : listOf(mapOf(front['spec'])['ports']).map((one) => mapOf(one)['targetPort']);
  for (const deployment of serving) {
    const ports = portsOf(deployment);
    const lost = named.filter((name) => typeof name === 'string').find((name) => !ports.includes(name));
    if (lost === undefined) continue;
    const message =
      `The Service would lead to the port ${lost}, which ${releaseOf(deployment)} does not have, and that serves now: ` +
      'first release a Deployment that has ports of both names, then the Service';
    throw new OrchestraError('INPUTS_REFUSED', message);
  }
}

function portsOf({ spec }: V1Deployment): (string | undefined)[] {
  return (spec?.template.spec?.containers ?? []).flatMap(({ ports = [] }) => ports.map(({ name }) => name));
}

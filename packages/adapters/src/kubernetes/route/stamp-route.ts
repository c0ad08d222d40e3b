import { OrchestraError } from '@orchestra/runtime';
import type { V1Service } from '@kubernetes/client-node';
import type { Apis } from '../connect-cluster.ts';
import { annotations, canaryName, fieldManager, labels, shareAnnotation, type TargetNames } from '../target-names.ts';
import { selectOne } from '../target-objects.ts';
import { epochOf } from '../view.ts';
import { parseRoute, routeNamed, type FoundRoute, type Mark, type Routed } from './read-route.ts';
import type { Rules } from './share-rules.ts';

interface Stamping {
  names: TargetNames;
  epoch: number;
  routed: Routed | undefined;
}

/**
 * Writes the epoch of a move to the route that may be sharing the traffic, and to the Service of the canary, which is made
 * where there is none: whoever decided on older facts meets another `resourceVersion`, or a Service that is there.
 *
 * @throws OrchestraError `TARGET_REFUSED`, not retriable, where a higher epoch is there
 */
export async function stampRoute(apis: Apis, { names, epoch, routed }: Stamping): Promise<Routed | undefined> {
  if (routed === undefined) return undefined;
  refuseOlder(routed, epoch);
  const canary = routed.isForeign ? null : await stampCanary(apis, { names, epoch, canary: routed.canary });
  const { route } = routed;
  if (route === null || route.mark?.epoch === epoch) return { ...routed, canary };
  const mark = { epoch, was: route.mark?.was ?? [] };
  return { ...routed, canary, route: await writeRoute(apis, { names, route, mark }) };
}

function refuseOlder({ route, canary }: Routed, epoch: number): void {
  const there = Math.max(route?.mark?.epoch ?? 0, canary === null ? 0 : epochOf(canary));
  if (there <= epoch) return;
  throw new OrchestraError('TARGET_REFUSED', `The world has seen epoch ${there}, this move is ${epoch}`);
}

async function stampCanary(
  apis: Apis,
  { names, epoch, canary }: Omit<Stamping, 'routed'> & { canary: V1Service | null },
): Promise<V1Service> {
  if (canary === null) {
    const body = describeCanary(names, epoch);
    return apis.core.createNamespacedService({ namespace: names.namespace, body, fieldManager });
  }
  if (epochOf(canary) === epoch) return canary;
  const annotated = { [annotations.epoch]: String(epoch) };
  return patchCanary(apis, names, {
    metadata: { resourceVersion: canary.metadata?.resourceVersion, annotations: annotated },
  });
}

/** Writes a part of the Service of the canary; `body` names its `resourceVersion`. */
export function patchCanary({ core, part }: Apis, names: TargetNames, body: object): Promise<V1Service> {
  const named = { name: canaryName(names), namespace: names.namespace };
  return core.patchNamespacedService({ ...named, body, fieldManager }, part);
}

// It leads nowhere until a release has it.
function describeCanary(names: TargetNames, epoch: number): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: canaryName(names),
      namespace: names.namespace,
      labels: { [labels.managedBy]: fieldManager, [labels.name]: names.service, [labels.target]: names.id },
      annotations: { [annotations.target]: names.target, [annotations.epoch]: String(epoch) },
    },
    spec: { selector: selectOne(names, 'none'), ports: [{ name: 'http', port: 80 }] },
  };
}

/** A route, and what is to stand there. `rules` absent: those that are there. */
export interface Writing {
  names: TargetNames;
  route: FoundRoute;
  mark: Mark;
  rules?: Rules;
}

/** Writes to a route if nobody has changed it since it was read. */
export async function writeRoute(apis: Apis, { names, route, mark, rules }: Writing): Promise<FoundRoute> {
  const { name, resourceVersion } = route;
  const metadata = { resourceVersion, annotations: { [shareAnnotation(names)]: JSON.stringify(mark) } };
  const part = { metadata, ...(rules === undefined ? {} : { spec: { rules } }) };
  return parseRoute(await apis.objects.merge(routeNamed(name, names), part), names);
}

import type { V1Service } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { Apis } from '../connect-cluster.ts';
import { mapOf, type ClusterObject } from '../inputs/cluster-object.ts';
import type { NamedObject } from '../inputs/open-objects.ts';
import { orNull } from '../read-refusal.ts';
import { annotations, canaryName, labels, shareAnnotation, type TargetNames } from '../target-names.ts';
import { leadsToStable, plainRules, readShare, rulesSchema, type Backends, type Rules } from './share-rules.ts';

/** What the moves of a target have made of a route. */
export interface Mark {
  epoch: number;
  /** The weights that the stable Service had before, in order. */
  was: readonly number[];
}

/** A route as it was read. */
export interface FoundRoute {
  name: string;
  resourceVersion: string;
  generation: number;
  rules: Rules;
  /** Null: no move of this target was ever here. */
  mark: Mark | null;
  /** The share of the canary that stands there; null: none. */
  percent: number | null;
  /** What its gateways say of it. */
  parents: readonly Parent[];
  managers: readonly Manager[];
}

/** What shares the traffic of a target. */
export interface Routed {
  name: string;
  /** Null: somebody has removed it. */
  route: FoundRoute | null;
  /** Null: there never was one, or it is none of ours. */
  canary: V1Service | null;
  /** Whether somebody else has a Service of that name. */
  isForeign: boolean;
}

const conditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.int().default(0),
});
const parentSchema = z.looseObject({
  controllerName: z.string().default('a gateway'),
  conditions: z.array(conditionSchema).default([]),
});
export type Parent = z.output<typeof parentSchema>;

const managerSchema = z.looseObject({ manager: z.string().default(''), fieldsV1: z.unknown() });
export type Manager = z.output<typeof managerSchema>;

const routeSchema = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    generation: z.int().default(0),
    annotations: z.record(z.string(), z.string()).default({}),
    managedFields: z.array(managerSchema).default([]),
  }),
  spec: z.object({ rules: rulesSchema }),
  status: z.object({ parents: z.array(parentSchema).default([]) }).default({ parents: [] }),
});

const markSchema = z.object({ epoch: z.int(), was: z.array(z.int()).default([]) });

export function routeNamed(name: string, { namespace }: TargetNames): NamedObject {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name, namespace } };
}

export function backendsOf(names: TargetNames): Backends {
  return { namespace: names.namespace, stable: names.service, canary: canaryName(names) };
}

/** Reads a route as the API gives it. */
export function parseRoute(value: unknown, names: TargetNames): FoundRoute {
  const { metadata, spec, status } = routeSchema.parse(value);
  const { name, resourceVersion, generation, managedFields: managers } = metadata;
  return {
    name,
    resourceVersion,
    generation,
    rules: spec.rules,
    mark: readMark(metadata.annotations[shareAnnotation(names)]),
    percent: readShare(spec.rules, backendsOf(names)),
    parents: status.parents,
    managers,
  };
}

function readMark(text: string | undefined): Mark | null {
  if (text === undefined) return null;
  try {
    const parsed = markSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What shares the traffic of a target beside its Service; undefined: nothing does. */
export async function gatherRoute(apis: Apis, names: TargetNames, service: V1Service): Promise<Routed | undefined> {
  const name = service.metadata?.annotations?.[annotations.route];
  if (name === undefined) return undefined;
  const [route, canary] = await Promise.all([findRoute(apis, names, name), findCanary(apis, names)]);
  return canary === 'foreign'
    ? { name, route, canary: null, isForeign: true }
    : { name, route, canary, isForeign: false };
}

async function findCanary({ core }: Apis, names: TargetNames): Promise<V1Service | 'foreign' | null> {
  const found = await orNull(core.readNamespacedService({ name: canaryName(names), namespace: names.namespace }));
  return found === null || found.metadata?.labels?.[labels.target] === names.id ? found : 'foreign';
}

/** @throws OrchestraError `TARGET_DENIED`, not retriable, where the Service of the canary would be somebody else's */
export async function demandCanaryName(apis: Apis, names: TargetNames): Promise<void> {
  if ((await findCanary(apis, names)) === 'foreign') throw notOurs(names);
}

/** Null: there is none. */
export async function findRoute(apis: Apis, names: TargetNames, name: string): Promise<FoundRoute | null> {
  const found = await apis.objects.readWhole(routeNamed(name, names));
  return found === null ? null : parseRoute(found, names);
}

function notOurs(names: TargetNames): OrchestraError {
  const message = `The Service ${canaryName(names)} in ${names.namespace} belongs to somebody else: the canary of ${names.target} needs that name`;
  return new OrchestraError('TARGET_DENIED', message);
}

/** @throws OrchestraError `TARGET_DENIED`, not retriable, where a route is not there or leads to other Services alone */
export async function demandRules(
  apis: Apis,
  { names, route, written }: { names: TargetNames; route: string; written: ClusterObject | null },
): Promise<void> {
  const rules = written === null ? (await findRoute(apis, names, route))?.rules : readRules(written);
  if (rules === undefined)
    throw new OrchestraError('TARGET_DENIED', `It is neither in ${names.namespace} nor in the files`);
  const backends = backendsOf(names);
  if (leadsToStable(plainRules(rules, backends, []), backends)) return;
  throw new OrchestraError('TARGET_DENIED', `It has no rule that leads to the Service ${names.service}`);
}

function readRules(written: ClusterObject): Rules {
  const parsed = rulesSchema.safeParse(mapOf(written['spec'])['rules']);
  return parsed.success ? parsed.data : [];
}

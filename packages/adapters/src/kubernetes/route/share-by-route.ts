import type { V1Service } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { isDeepStrictEqual } from 'node:util';
import type { Acting } from '../share-traffic.ts';
import { marked, patchService, underEpoch } from '../target-access.ts';
import { annotations, fieldManager } from '../target-names.ts';
import { selectOne } from '../target-objects.ts';
import type { Gathered } from '../view.ts';
import { awaitEndpoints } from './await-endpoints.ts';
import { findTrouble, isServed, ownersOfRules } from './judge-route.ts';
import { awaitTaken } from './await-taken.ts';
import { backendsOf, demandCanaryName, type FoundRoute } from './read-route.ts';
import { plainRules, sharedRules, type Rules } from './share-rules.ts';
import { patchCanary, writeRoute } from './stamp-route.ts';

/** A canary, and the share that it gets by a route. */
export interface Sharing {
  route: string;
  canary: string;
  percent: number;
}

// A gateway that takes longer says that it does not serve this route.
const takeUpMs = 30_000;

/**
 * Gives a canary a Service of its own and its share by the weights of a route. The weights come once that Service has
 * ready pods, and are done once the gateways have taken them up.
 *
 * @throws OrchestraError `RELEASE_NOT_READY` where nobody serves the route, `TARGET_DENIED` where it cannot share or where
 *   somebody else writes its rules, neither retriable
 */
export async function shareByRoute(acting: Acting, sharing: Sharing): Promise<void> {
  // Known before it is touched: whoever moves next finds the route by this.
  await underEpoch(acting, async ({ service, routed }) => {
    if (routed?.name === sharing.route) return;
    await demandCanaryName(acting.apis, acting.names);
    await patchService({ ...acting, service }, marked(service, { [annotations.route]: sharing.route }));
  });
  await underEpoch(acting, async (gathered) => {
    const route = demandRoute(gathered, sharing);
    if (!isServed(route)) throw notServed(route);
    planRules(acting, route, sharing);
    await selectCanary(acting, gathered, sharing.canary);
  });
  await awaitEndpoints(acting, sharing.canary);
  const written = await underEpoch(acting, async (gathered) => {
    const route = demandRoute(gathered, sharing);
    const { rules, was } = planRules(acting, route, sharing);
    if (isDeepStrictEqual(rules, route.rules)) return route;
    return writeRoute(acting.apis, { ...acting, route, rules, mark: { epoch: acting.epoch, was } });
  });
  const taken = await awaitTaken(acting, written, takeUpMs);
  demandTaken(taken, written);
}

function demandRoute({ routed }: Gathered, { route }: Sharing): FoundRoute {
  const found = routed?.route ?? null;
  if (found !== null) return found;
  throw new OrchestraError('TARGET_DENIED', `There is no HTTPRoute ${route} in the namespace of the release`);
}

function planRules({ names }: Acting, route: FoundRoute, { percent }: Sharing): { rules: Rules; was: number[] } {
  const backends = backendsOf(names);
  const found = sharedRules(plainRules(route.rules, backends, route.mark?.was ?? []), backends, percent);
  if (found.kind === 'shared') return found;
  throw new OrchestraError('TARGET_DENIED', `The HTTPRoute ${route.name} ${found.why}`);
}

// With the ports of the stable one, which the route names.
async function selectCanary({ apis, names }: Acting, { service, routed }: Gathered, canary: string): Promise<void> {
  const ports = (service.spec?.ports ?? []).map(({ nodePort: _nodePort, ...port }) => port);
  const selector = selectOne(names, canary);
  const { spec, metadata } = routed?.canary ?? {};
  if (isDeepStrictEqual(spec?.selector, selector) && isDeepStrictEqual(portsOf(spec), ports)) return;
  await patchCanary(apis, names, {
    metadata: { resourceVersion: metadata?.resourceVersion },
    spec: { selector, ports },
  });
}

function portsOf(spec: V1Service['spec']) {
  return (spec?.ports ?? []).map(({ nodePort: _nodePort, ...port }) => port);
}

function demandTaken(now: FoundRoute, written: FoundRoute): void {
  const trouble = findTrouble(now, written.generation);
  if (trouble !== null)
    throw new OrchestraError('RELEASE_NOT_READY', `The HTTPRoute ${now.name} is refused: ${trouble}`);
  if (!isServed(now, written.generation)) {
    const message = `No gateway has taken up the weights of the HTTPRoute ${now.name} within ${takeUpMs / 1000} s`;
    throw new OrchestraError('RELEASE_NOT_READY', message);
  }
  if (now.percent === written.percent) return;
  const others = ownersOfRules(now.managers).filter((manager) => manager !== fieldManager);
  const who = others.length === 0 ? 'Somebody else' : others.join(' and ');
  const message =
    `${who} writes the rules of the HTTPRoute ${now.name}: the canary was given ${written.percent} % and has ${now.percent ?? 0} %. ` +
    'Let that leave `spec.rules` alone while a canary is on';
  throw new OrchestraError('TARGET_DENIED', message);
}

function notServed({ name, parents }: FoundRoute): OrchestraError {
  const why =
    parents.length === 0 ? 'no gateway has said anything of it' : (findTrouble({ parents }, 0) ?? 'it is not accepted');
  return new OrchestraError(
    'RELEASE_NOT_READY',
    `No gateway serves the HTTPRoute ${name}, so its weights share nothing: ${why}`,
  );
}

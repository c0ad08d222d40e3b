import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Acting } from '../share-traffic.ts';
import { fieldManager } from '../target-names.ts';
import type { Gathered } from '../view.ts';
import { awaitTaken } from './await-taken.ts';
import { isServed, ownersOfRules } from './judge-route.ts';
import { backendsOf, routeNamed, type FoundRoute } from './read-route.ts';
import { plainRules } from './share-rules.ts';
import { writeRoute } from './stamp-route.ts';

const takeUpMs = 10_000;
// A gateway says that it has accepted a route before it serves it: Traefik up to two seconds, by default.
const followMs = 3_000;

/**
 * Puts the rules of a route back as they were before the canary. What of it is not there any more needs no way back.
 *
 * @returns the route as it stands then, for gateways have to take it up, also where an attempt before this one has written it
 *   and met a conflict behind that; null: no gateway serves it, and nothing was to be written
 */
export async function putBack(acting: Acting, { routed }: Gathered): Promise<FoundRoute | null> {
  const { apis, names, epoch } = acting;
  const route = routed?.route ?? null;
  if (route === null) return null;
  const rules = plainRules(route.rules, backendsOf(names), route.mark?.was ?? []);
  const isPlain = isDeepStrictEqual(rules, route.rules);
  const written = isPlain ? route : await writeRoute(apis, { names, route, rules, mark: { epoch, was: [] } });
  await letGo(acting, written);
  return isPlain && !isServed(route) ? null : written;
}

// Whoever changed a field last manages it, and its owner's next apply would meet a conflict with us.
async function letGo({ apis, names }: Acting, route: FoundRoute): Promise<void> {
  const left = route.managers.filter(
    (one) => one['operation'] !== 'Update' || !ownersOfRules([one]).includes(fieldManager),
  );
  if (left.length === route.managers.length) return;
  const metadata = { resourceVersion: route.resourceVersion, managedFields: left };
  await apis.objects.merge(routeNamed(route.name, names), { metadata });
}

/** Waits a little until gateways have taken up what was put back, and follow it: pods that leave would still be asked. */
export async function awaitPutBack(acting: Acting, written: FoundRoute | null): Promise<void> {
  if (written === null) return;
  const { signal } = acting;
  await awaitTaken(acting, written, takeUpMs);
  await wait(followMs, null, signal === undefined ? {} : { signal });
}

import { isDeepStrictEqual } from 'node:util';
import type { Acting } from '../share-traffic.ts';
import { fieldManager } from '../target-names.ts';
import type { Gathered } from '../view.ts';
import { awaitTaken } from './await-taken.ts';
import { ownersOfRules } from './judge-route.ts';
import { backendsOf, routeNamed, type FoundRoute } from './read-route.ts';
import { plainRules } from './share-rules.ts';
import { writeRoute } from './stamp-route.ts';

const takeUpMs = 10_000;

/**
 * Puts the rules of a route back as they were before the canary. What of it is not there any more needs no way back.
 *
 * @returns the route as it was written; null: nothing was to be written
 */
export async function putBack(acting: Acting, { routed }: Gathered): Promise<FoundRoute | null> {
  const { apis, names, epoch } = acting;
  const route = routed?.route ?? null;
  if (route === null) return null;
  const rules = plainRules(route.rules, backendsOf(names), route.mark?.was ?? []);
  const isPlain = isDeepStrictEqual(rules, route.rules);
  const written = isPlain ? route : await writeRoute(apis, { names, route, rules, mark: { epoch, was: [] } });
  await letGo(acting, written);
  return isPlain ? null : written;
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

/** Waits a little until gateways have taken up what was put back: pods that leave would still be asked. */
export async function awaitPutBack(acting: Acting, written: FoundRoute | null): Promise<void> {
  if (written !== null) await awaitTaken(acting, written, takeUpMs);
}

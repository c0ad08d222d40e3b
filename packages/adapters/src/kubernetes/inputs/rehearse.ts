import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from '../connect-cluster.ts';
import { describeRelease } from '../describe-release.ts';
import { deniedBy } from '../read-refusal.ts';
import { conflictAdvice, findConflicts, renderConflicts } from '../report-conflicts.ts';
import { gather } from '../target-access.ts';
import type { TargetNames } from '../target-names.ts';
import { describeService, type ClusterContainer, type ClusterStartable } from '../target-objects.ts';
import { demandCanaryName, demandRules } from '../route/read-route.ts';
import { asObject, markObject, refuseForeign, type Marking } from './apply-others.ts';
import { frontBody, frontPart, refuseLostPorts } from './bring-front.ts';
import { mapOf, nameOf, type ClusterObject } from './cluster-object.ts';
import type { OwnObjects } from './own-objects.ts';

/** A release that is tried. */
export interface Rehearsing {
  names: TargetNames;
  startable: ClusterStartable;
  container: ClusterContainer;
  own: OwnObjects;
}

/**
 * Asks the cluster whether it would take all that a release brings, without changing anything: a dry run by the server, with
 * its admission. All objects are tried, so that everything that stands in the way is said at once.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable, with each object, who else manages which of its fields, and what to
 *   do about it
 */
export async function rehearse(apis: Apis, { names, startable, container, own }: Rehearsing): Promise<void> {
  const marking: Marking = { names, release: startable.release, container, epoch: null };
  const found = own.others.map((object) => tryObject(apis, markObject(object, marking), marking));
  const problems = (await Promise.all(found)).flat();
  const front = await tryFront(apis, { names, startable, container, own });
  const deployment = await tryDeployment(apis, { names, startable, container, own }, marking);
  const route = await tryRoute(apis, { names, startable, container, own });
  const all = [...problems, ...front, ...deployment, ...route];
  if (all.length === 0) return;
  const advice = all.some(({ isConflict }) => isConflict) ? `. To do: ${conflictAdvice}` : '';
  const message = `The cluster would refuse this release, so nothing was changed: ${all.map(({ text }) => text).join('; ')}${advice}`;
  throw new OrchestraError('INPUTS_REFUSED', message);
}

interface Problem {
  text: string;
  isConflict: boolean;
}

async function tryObject(apis: Apis, object: ClusterObject, marking: Marking): Promise<Problem[]> {
  return trying(nameOf(object), async (force) => {
    refuseForeign(object, await apis.objects.read(object), marking);
    await apis.objects.apply(object, { dryRun: true, force });
  });
}

async function tryDeployment(apis: Apis, rehearsing: Rehearsing, marking: Marking): Promise<Problem[]> {
  const { startable, own, ...rest } = rehearsing;
  const { replicas } = startable;
  return trying(`The Deployment of ${rehearsing.names.service}`, async (force) => {
    const described = describeRelease({ ...rest, startable, epoch: 0, replicas }, own);
    refuseForeign(described, await apis.objects.read(described), marking);
    await apis.objects.apply(described, { dryRun: true, force });
  });
}

// By its own files, where it is one of them.
async function tryRoute(apis: Apis, { names, container, own }: Rehearsing): Promise<Problem[]> {
  const { route } = container;
  if (route === undefined) return [];
  return trying(`HTTPRoute ${route}`, async () => {
    const written = own.others.find(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === route);
    await demandCanaryName(apis, names);
    await demandRules(apis, { names, route, written: written ?? null });
  });
}

// The Service is written by other ways than apply, for its selector is the traffic.
async function tryFront(apis: Apis, { names, startable, own }: Rehearsing): Promise<Problem[]> {
  const { namespace, service: name } = names;
  return trying(`Service ${name}`, async () => {
    const gathered = await gather(apis, names);
    if (gathered === null) return tryNewService(apis, names, { port: startable.port, own });
    refuseLostPorts(own.front, gathered);
    const body = frontBody(gathered.service, own.front, startable.port);
    if (body !== null) await apis.core.patchNamespacedService({ name, namespace, body, dryRun: 'All' }, apis.part);
  });
}

async function tryNewService(
  apis: Apis,
  names: TargetNames,
  { port, own }: { port: number; own: OwnObjects },
): Promise<void> {
  const ours = asObject(describeService(names, { epoch: 0, port }));
  const given = own.front === null ? {} : frontPart(own.front).spec;
  const spec = { ...mapOf(ours['spec']), ...given };
  await apis.objects.apply({ ...ours, spec }, { dryRun: true, force: true });
}

/** Tries it, once more by force where the only conflict is one with ourselves. */
async function trying(name: string, attempt: (force: boolean) => Promise<void>): Promise<Problem[]> {
  try {
    await attempt(false);
    return [];
  } catch (error) {
    const conflicts = findConflicts(error);
    if (conflicts !== null && conflicts.length === 0) return trying(name, async () => attempt(true));
    if (conflicts !== null) return [{ text: `${name}: ${renderConflicts(conflicts)}`, isConflict: true }];
    const denied = deniedBy(error);
    if (!(denied instanceof OrchestraError) || denied.retriable) throw error;
    return [{ text: `${name}: ${denied.message}`, isConflict: false }];
  }
}

/** The objects that the release before brought and this one does not: they stay where they are. */
export function findLeftBehind(before: OwnObjects, now: OwnObjects): string[] {
  const kept = new Set(now.others.map((object) => `${object.apiVersion}/${nameOf(object)}`));
  return before.others.filter((object) => !kept.has(`${object.apiVersion}/${nameOf(object)}`)).map(nameOf);
}

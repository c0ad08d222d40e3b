import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from '../connect-cluster.ts';
import { deniedBy } from '../read-refusal.ts';
import { conflictAdvice, findConflicts, renderConflicts } from '../report-conflicts.ts';
import type { TargetNames } from '../target-names.ts';
import type { ClusterContainer, ClusterStartable } from '../target-objects.ts';
import { markObject, refuseForeign, type Marking } from './apply-others.ts';
import { nameOf, type ClusterObject } from './cluster-object.ts';
import { keepPodHash } from './keep-pod-hash.ts';
import type { OwnObjects } from './own-objects.ts';

/** A release that is tried. */
export interface Rehearsing {
  names: TargetNames;
  startable: ClusterStartable;
  container: ClusterContainer;
  own: OwnObjects;
}

/** Tries the object whose pods the release runs in, and what belongs to it alone. */
export type TryOwn = (apis: Apis, rehearsing: Rehearsing, marking: Marking) => Promise<readonly Problem[]>;

/**
 * Asks the cluster whether it would take all that a release brings, without changing anything: a dry run by the server, with
 * its admission. All objects are tried, so that everything that stands in the way is said at once.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable, with each object, who else manages which of its fields, and what to
 *   do about it
 */
export async function rehearse(
  apis: Apis,
  { names, startable, container, own, tryOwn }: Rehearsing & { tryOwn: TryOwn },
): Promise<void> {
  const marking: Marking = { names, release: startable.release, container, epoch: null };
  const found = own.others.map((object) => tryObject(apis, markObject(object, marking), marking));
  const problems = (await Promise.all(found)).flat();
  const all = [...problems, ...(await tryOwn(apis, { names, startable, container, own }, marking))];
  if (all.length === 0) return;
  const advice = all.some(({ isConflict }) => isConflict) ? `. To do: ${conflictAdvice}` : '';
  const message = `The cluster would refuse this release, so nothing was changed: ${all.map(({ text }) => text).join('; ')}${advice}`;
  throw new OrchestraError('INPUTS_REFUSED', message);
}

/** Something that stands in the way, with the object that it is about. */
export interface Problem {
  text: string;
  isConflict: boolean;
}

async function tryObject(apis: Apis, object: ClusterObject, marking: Marking): Promise<Problem[]> {
  return trying(nameOf(object), async (force) => {
    const found = await apis.objects.read(object);
    refuseForeign(object, found, marking);
    await apis.objects.apply(keepPodHash(object, found), { dryRun: true, force });
  });
}

/** Tries it, once more by force where the only conflict is one with ourselves, or with who fills in `defaults`. */
export async function trying(
  name: string,
  attempt: (force: boolean) => Promise<void>,
  defaults?: string,
): Promise<Problem[]> {
  try {
    await attempt(false);
    return [];
  } catch (error) {
    const conflicts = findConflicts(error, defaults);
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

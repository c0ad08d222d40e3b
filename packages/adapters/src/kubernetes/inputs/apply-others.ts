import { OrchestraError } from '@orchestra/runtime';
import type { Apis } from '../connect-cluster.ts';
import { annotations, fieldManager, labels, labelValue, type TargetNames } from '../target-names.ts';
import type { ClusterContainer } from '../target-objects.ts';
import { nameOf, parseObject, type ClusterObject } from './cluster-object.ts';
import { keepPodHash } from './keep-pod-hash.ts';
import type { FoundObject } from './open-objects.ts';
import { conflictAdvice, findConflicts, renderConflicts } from '../report-conflicts.ts';

/** What an object is marked with. */
export interface Marking {
  names: TargetNames;
  release: string;
  container: ClusterContainer;
  /** Null: it is only tried. */
  epoch: number | null;
}

/** An object in its namespace, with the labels that say by which run, commit and release it was brought. */
export function markObject(object: ClusterObject, { names, release, container, epoch }: Marking): ClusterObject {
  const { metadata } = object;
  const own = {
    [labels.managedBy]: fieldManager,
    [labels.release]: release,
    [labels.run]: labelValue(container.runId),
    [labels.commit]: labelValue(container.commit),
  };
  const marks = { [annotations.target]: names.target, [annotations.epoch]: String(epoch ?? 0) };
  return {
    ...object,
    metadata: {
      ...metadata,
      namespace: names.namespace,
      labels: { ...metadata.labels, ...own },
      annotations: { ...metadata.annotations, ...marks },
    },
  };
}

/**
 * Applies objects as they stand, under the epoch of a move. What is not there is made only if it still is not there; what is
 * there is changed only if nobody has changed it since it was looked at.
 *
 * @throws OrchestraError `TARGET_REFUSED` where a later move was there, `TARGET_DENIED` for an object of another target or
 *   with fields of somebody else, neither retriable
 */
export async function applyOthers(
  apis: Apis,
  objects: readonly ClusterObject[],
  { force, ...marking }: Marking & { force: boolean },
): Promise<void> {
  for (const object of objects) {
    const marked = markObject(object, marking);
    const found = await apis.objects.read(marked);
    refuseForeign(marked, found, marking);
    await applyHeld(apis, { marked: keepPodHash(marked, found), found, force });
  }
}

/** An object as it is to be. `force`: also what others manage. */
export interface Held {
  marked: ClusterObject;
  /** What it is held to; null: it is made, if it still is not there. */
  found: Pick<FoundObject, 'resourceVersion'> | null;
  force: boolean;
  /** Who fills in what it leaves out: a conflict with that manager is none. */
  defaults?: string;
}

// No object ever has this version: with it, apply makes an object that is not there and refuses one that is.
const absentVersion = '1';

/** Applies one object, held to what was read of it. @throws OrchestraError `TARGET_DENIED` for fields of somebody else */
export async function applyHeld(apis: Apis, { marked, found, force, defaults }: Held): Promise<void> {
  const resourceVersion = found?.resourceVersion ?? absentVersion;
  const body = { ...marked, metadata: { ...marked.metadata, resourceVersion } };
  try {
    await apis.objects.apply(body, { dryRun: false, force });
  } catch (error) {
    const conflicts = findConflicts(error, defaults);
    if (conflicts === null) throw error;
    if (conflicts.length === 0) return apis.objects.apply(body, { dryRun: false, force: true });
    const message = `${nameOf(marked)}: ${renderConflicts(conflicts)}; ${conflictAdvice}`;
    throw new OrchestraError('TARGET_DENIED', message, { cause: error });
  }
}

/** @throws OrchestraError `TARGET_REFUSED` for an older move, `TARGET_DENIED` for another target's object */
export function refuseForeign(object: ClusterObject, found: FoundObject | null, { names, epoch }: Marking): void {
  const owner = found?.annotations[annotations.target];
  if (owner !== undefined && owner !== names.target) {
    const message = `${nameOf(object)} belongs to ${owner}, not to ${names.target}: give it another name`;
    throw new OrchestraError('TARGET_DENIED', message);
  }
  const there = Number(found?.annotations[annotations.epoch] ?? 0);
  if (epoch === null || there <= epoch) return;
  throw new OrchestraError('TARGET_REFUSED', `The world has seen epoch ${there}, this move is ${epoch}`);
}

/** An object without what Kubernetes fills in, in the form of one that somebody wrote. */
export function asObject(typed: object): ClusterObject {
  return parseObject(JSON.parse(JSON.stringify(typed)), 'An object of a release');
}

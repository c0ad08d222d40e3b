import type { V1Deployment, V1ManagedFieldsEntry, V1Service } from '@kubernetes/client-node';
import { isDeepStrictEqual } from 'node:util';
import { fieldManager, type TargetNames } from '../target-names.ts';
import { selectOne } from '../target-objects.ts';
import { readFields } from './read-fields.ts';

/** Something of a target that is not as a release has left it. */
export interface ClusterChange {
  /** Such as `Service web`. */
  object: string;
  /** The path of what somebody else has written; null: the object is gone. */
  field: string | null;
  /** Under which name it was written; null: the cluster does not say. */
  manager: string | null;
  /** ISO 8601; null: the cluster does not say. */
  at: string | null;
}

/** What is there of a target, and what a release has left there. */
export interface FoundInCluster {
  names: TargetNames;
  /** Null: it is gone, as below. */
  service: V1Service | null;
  deployment: { name: string; found: V1Deployment | null };
  release: string;
  /** With its digest. */
  image: string;
}

const atMost = 20;
// What follows from objects is no change by hand: an autoscaler works under this name too.
const ownOfCluster = new Set(['kube-controller-manager', 'kube-scheduler']);

/** What somebody else has changed of the objects of a release that has all of the traffic. Pure. */
export function findChanges(found: FoundInCluster): ClusterChange[] {
  return [...ofService(found), ...ofDeployment(found)].slice(0, atMost);
}

function ofService({ names, service, release }: FoundInCluster): ClusterChange[] {
  const object = `Service ${names.service}`;
  if (service === null) return [gone(object)];
  const written = writtenByOthers(object, service.metadata?.managedFields ?? []);
  const isAsLeft = isDeepStrictEqual({ ...service.spec?.selector }, selectOne(names, release));
  return isAsLeft ? written : withField(written, object, '.spec.selector');
}

function ofDeployment({ deployment: { name, found }, image }: FoundInCluster): ClusterChange[] {
  const object = `Deployment ${name}`;
  if (found === null) return [gone(object)];
  const written = writtenByOthers(object, found.metadata?.managedFields ?? []);
  const containers = found.spec?.template.spec?.containers ?? [];
  const [, digest = image] = image.split('@');
  const isAsLeft = containers.some((container) => container.image?.endsWith(digest) === true);
  return isAsLeft ? written : withField(written, object, '.spec.template.spec.containers');
}

function gone(object: string): ClusterChange {
  return { object, field: null, manager: null, at: null };
}

// A field that was taken away has no manager any more.
function withField(written: ClusterChange[], object: string, field: string): ClusterChange[] {
  const isNamed = written.some((change) => change.field?.startsWith(field) === true);
  return isNamed ? written : [...written, { object, field, manager: null, at: null }];
}

/** Fields of the specification that others have written; who writes what we wrote too has changed nothing. */
function writtenByOthers(object: string, entries: readonly V1ManagedFieldsEntry[]): ClusterChange[] {
  const ours = new Set(entries.filter(({ manager }) => manager === fieldManager).flatMap(fieldsOf));
  return entries.filter(isOfSomebody).flatMap((entry) =>
    fieldsOf(entry)
      .filter((field) => !ours.has(field))
      .map((field) => ({ object, field, manager: entry.manager ?? null, at: timeOf(entry) })),
  );
}

function isOfSomebody({ manager = '', subresource }: V1ManagedFieldsEntry): boolean {
  return manager !== fieldManager && !ownOfCluster.has(manager) && subresource !== 'status';
}

function fieldsOf({ fieldsV1 }: V1ManagedFieldsEntry): string[] {
  return readFields(fieldsV1).filter((field) => field.startsWith('.spec.'));
}

function timeOf({ time }: V1ManagedFieldsEntry): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

import { OrchestraError } from '@orchestra/runtime';
import { listOf, mapOf, nameOf, parseObject, type ClusterObject } from './cluster-object.ts';

/**
 * Lays what an environment has otherwise over rendered objects. Maps are merged, null takes a key away, and lists of things
 * with a `name` are merged by it, as Kubernetes merges containers and variables; other lists are replaced.
 *
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable, for a change to an object that is not there
 */
export function layOver(objects: readonly ClusterObject[], changes: readonly ClusterObject[]): ClusterObject[] {
  const missing = changes.find((change) => !objects.some((object) => isSame(object, change)));
  if (missing !== undefined) {
    const message = `The overlay changes ${nameOf(missing)}, which is not among the objects: ${objects.map(nameOf).join(', ')}`;
    throw new OrchestraError('INPUTS_REFUSED', message);
  }
  return objects.map((object) => {
    const own = changes.filter((change) => isSame(object, change));
    const merged = own.reduce<unknown>((before, change) => mergeValue(before, change), object);
    return parseObject(merged, nameOf(object));
  });
}

function isSame(one: ClusterObject, other: ClusterObject): boolean {
  return groupOf(one) === groupOf(other) && one.kind === other.kind && one.metadata.name === other.metadata.name;
}

function groupOf({ apiVersion }: ClusterObject): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function mergeValue(before: unknown, change: unknown): unknown {
  if (isNamedList(before) && isNamedList(change)) return mergeNamed(before, change);
  if (!isMap(change)) return change;
  const merged = new Map(Object.entries(mapOf(before)));
  for (const [key, value] of Object.entries(mapOf(change))) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeValue(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeNamed(before: readonly unknown[], changes: readonly unknown[]): unknown[] {
  const changed = new Map(changes.map((change) => [mapOf(change)['name'], change]));
  const kept = before.map((one) => {
    const change = changed.get(mapOf(one)['name']);
    return change === undefined ? one : mergeValue(one, change);
  });
  const names = new Set(before.map((one) => mapOf(one)['name']));
  return [...kept, ...changes.filter((change) => !names.has(mapOf(change)['name']))];
}

function isNamedList(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && listOf(value).every((one) => typeof mapOf(one)['name'] === 'string')
  );
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { mapOf, type ClusterObject } from './cluster-object.ts';
import type { FoundObject } from './open-objects.ts';

// By it the controller of Argo Rollouts has a Service select one release.
const podHash = 'rollouts-pod-template-hash';

/**
 * A Service as it is written where an Argo Rollout shares its traffic by it: what its controller has put into the selector
 * is the traffic and stays, for the selector is written as a whole.
 *
 * @param found what is there; null: nothing
 */
export function keepPodHash(object: ClusterObject, found: FoundObject | null): ClusterObject {
  if (object.kind !== 'Service') return object;
  const hash = mapOf(mapOf(found?.spec)['selector'])[podHash];
  const spec = mapOf(object['spec']);
  if (hash === undefined || spec['selector'] === undefined) return object;
  return { ...object, spec: { ...spec, selector: { ...mapOf(spec['selector']), [podHash]: hash } } };
}

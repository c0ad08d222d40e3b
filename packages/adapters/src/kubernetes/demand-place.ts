import { OrchestraError } from '@orchestra/runtime';
import type { ClusterOptions } from './connect-cluster.ts';

const needed = ['Deployment', 'Service'];

/** @throws OrchestraError `TARGET_DENIED`, not retriable, when the settings do not allow releases in this namespace */
export function demandPlace(
  { namespaces, kinds }: Pick<ClusterOptions, 'namespaces' | 'kinds'>,
  namespace: string,
  kindsNeeded: readonly string[] = needed,
): void {
  if (!namespaces.includes(namespace)) {
    const message = `The namespace ${namespace} is not on the list of this installation (KUBERNETES_NAMESPACES)`;
    throw new OrchestraError('TARGET_DENIED', message);
  }
  const missing = kindsNeeded.filter((kind) => !kinds.includes(kind));
  if (missing.length === 0) return;
  const message = `A release takes a ${missing.join(' and a ')}, which this installation does not allow (KUBERNETES_KINDS)`;
  throw new OrchestraError('TARGET_DENIED', message);
}

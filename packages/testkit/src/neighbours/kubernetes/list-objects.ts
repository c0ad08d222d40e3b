import type { KubernetesObject } from '@kubernetes/client-node';

/** What of a namespace is looked at. */
export interface Listed {
  apiVersion: string;
  kind: string;
  namespace: string;
}

/** The objects of a kind in a namespace, for tests of rooms that know nothing of a cluster. */
export async function listObjects(
  kubeconfig: string,
  { apiVersion, kind, namespace }: Listed,
): Promise<readonly KubernetesObject[]> {
  // The client takes a second to load, which whoever only starts servers need not wait for.
  const { KubeConfig, KubernetesObjectApi } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { items } = await KubernetesObjectApi.makeApiClient(config).list(apiVersion, kind, namespace);
  return items;
}

import { createKubernetesReleases, toClusterOptions } from '@orchestra/adapters/kubernetes';
import type { Settings } from './config.ts';

const patienceMs = 10_000;

/**
 * Loads the client of clusters where releases may run in one, and asks once for a namespace: else the first rollback of a
 * process would wait for that, which takes a second. What fails here fails again, and is told, when it is needed.
 */
export async function meetCluster(settings: Settings): Promise<void> {
  const [namespace] = settings.KUBERNETES_NAMESPACES;
  if (namespace === undefined) return;
  const releases = createKubernetesReleases(toClusterOptions(settings))(namespace);
  await releases.demandSandbox(AbortSignal.timeout(patienceMs)).catch(() => {});
}

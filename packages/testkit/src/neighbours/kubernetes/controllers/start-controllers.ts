import type { Neighbour } from '../../neighbour.ts';
import type { Traefik } from './run-traefik.ts';

export type { Traefik } from './run-traefik.ts';

// The client takes a second to load, which whoever starts other servers need not wait for.

/**
 * Starts the controller of Argo Rollouts 1.8.3 for all namespaces of a cluster, with the definitions of its kinds. It is built
 * first, which takes minutes once.
 *
 * @param kubeconfig its path
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when it cannot be built or does not start
 */
export async function startArgoRollouts(kubeconfig: string): Promise<Neighbour> {
  const { runArgoRollouts } = await import('./run-argo-rollouts.ts');
  return runArgoRollouts(kubeconfig);
}

/**
 * Starts Traefik 3.6.12 as the gateway of a cluster, with the definitions of the Gateway API 1.4.1. It is built first, which
 * takes minutes once.
 *
 * @param kubeconfig its path
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when it cannot be built or does not start
 */
export async function startTraefik(kubeconfig: string): Promise<Traefik> {
  const { runTraefik } = await import('./run-traefik.ts');
  return runTraefik(kubeconfig);
}

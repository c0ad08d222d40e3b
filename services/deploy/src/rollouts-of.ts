import type { ServicePlan } from '@orchestra/contracts';

/** By service: the Argo Rollout that it is, where it is one. */
export function rolloutsOf(services: readonly ServicePlan[]): Record<string, string> {
  return Object.fromEntries(
    services.flatMap(({ name, rollout }): [string, string][] => (rollout === undefined ? [] : [[name, rollout]])),
  );
}

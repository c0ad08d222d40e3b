import type { DeploymentPlan, ServicePlan } from '@orchestra/contracts';

/** The shares of the traffic that a rollout goes through, one a step; the last one is 100. */
export function planWeights(
  { strategy, steps }: Pick<DeploymentPlan, 'strategy' | 'steps'>,
  { rollout }: Pick<ServicePlan, 'rollout'>,
  replicas: number,
): number[] {
  // An Argo Rollout has steps of its own, which ours would fight.
  if (rollout !== undefined && strategy !== 'feature_flag') return [100];
  switch (strategy) {
    case 'immediate':
    case 'blue_green':
      return [100];
    case 'rolling':
      return Array.from({ length: replicas }, (_, index) => Math.round(((index + 1) * 100) / replicas));
    case 'feature_flag':
      // Dark first: all of the traffic, and the flag on for nobody.
      return [0, ...upToAll(steps.map(({ weightPercent }) => weightPercent))];
    case 'canary':
      return upToAll(steps.map(({ weightPercent }) => weightPercent));
  }
}

function upToAll(weights: readonly number[]): number[] {
  return weights.at(-1) === 100 ? [...weights] : [...weights, 100];
}

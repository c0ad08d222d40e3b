import type { Rollout } from '@orchestra/contracts';

/** What one step does to the world. `scale` brings what served before down to so many processes. */
export interface StepEffect {
  replicas: number;
  weights: Readonly<Record<string, number>>;
  scale: { release: string; replicas: number } | null;
  retire: readonly string[];
}

/** What a step of a rollout changes. `previous`: what serves beside it, with the processes that it has when it serves alone. */
export function decideStep(lane: Rollout, previous: { release: string; replicas: number } | null): StepEffect {
  const weight = lane.weights[lane.step - 1] ?? 100;
  const all = lane.manifest.replicas;
  const alone = { [lane.release]: 100 };
  if (previous === null || lane.strategy === 'feature_flag')
    return { replicas: all, weights: alone, scale: null, retire: [] };

  const shared = weight === 100 ? alone : { [lane.release]: weight, [previous.release]: 100 - weight };
  if (lane.strategy !== 'rolling') {
    const replicas = lane.strategy === 'canary' ? Math.ceil((all * weight) / 100) : all;
    return { replicas, weights: shared, scale: null, retire: [] };
  }
  const left = previous.replicas - Math.ceil((previous.replicas * lane.step) / lane.weights.length);
  const replicas = Math.ceil((all * lane.step) / lane.weights.length);
  if (left <= 0) return { replicas, weights: shared, scale: null, retire: weight === 100 ? [previous.release] : [] };
  return { replicas, weights: shared, scale: { release: previous.release, replicas: left }, retire: [] };
}

/**
 * What is ended once a release serves. With a canary and with two colours the one before stays up without traffic, so that
 * the way back takes no start.
 */
export function decideRetirement(lane: Rollout, present: readonly string[]): string[] {
  const staysUp = ['canary', 'blue_green', 'feature_flag'].includes(lane.strategy);
  return present.filter((release) => release !== lane.release && !(staysUp && release === lane.previous));
}

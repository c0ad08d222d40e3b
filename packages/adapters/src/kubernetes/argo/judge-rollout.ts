import type { FoundRollout } from './read-rollout.ts';

/** Where a Rollout stands, in words. `failed`: waiting does not help. */
export interface RolloutStanding {
  kind: 'healthy' | 'going' | 'failed';
  message: string;
}

/**
 * Where a Rollout stands by its own status: healthy once its controller has seen what was asked and all of it serves.
 *
 * @see `GetRolloutPhase` in utils/rollout of Argo Rollouts: a phase is one of the generation that was observed
 */
export function judgeRollout(rollout: FoundRollout): RolloutStanding {
  const { status } = rollout;
  if (!isObserved(rollout)) return { kind: 'going', message: 'its controller has not seen it yet' };
  const told = status.message === '' ? '' : `: ${status.message}`;
  if (status.abort) return { kind: 'failed', message: `was aborted${told}` };
  if (status.phase === 'Degraded') return { kind: 'failed', message: `is Degraded${told}` };
  if (status.phase === 'Healthy' && isFull(rollout)) return { kind: 'healthy', message: 'is Healthy' };
  return { kind: 'going', message: `is ${status.phase || 'not judged yet'}${stepOf(rollout)}${told}` };
}

/** Whether its controller has seen what stands there. */
export function isObserved({ metadata, status }: FoundRollout): boolean {
  return Number(status.observedGeneration || 'none') >= metadata.generation;
}

/** Whether all of it is what was asked last. */
export function isFull({ status }: FoundRollout): boolean {
  return status.currentPodHash === status.stableRS;
}

function stepOf({ spec, status }: FoundRollout): string {
  const steps = spec.strategy.canary?.steps.length ?? 0;
  const { currentStepIndex: index } = status;
  return steps === 0 || index === undefined ? '' : ` at step ${Math.min(index + 1, steps)} of ${steps}`;
}

/** The share of the traffic that has what was asked last, in percent, as far as the status tells. */
export function shareOf(rollout: FoundRollout): number {
  const { status } = rollout;
  if (!isObserved(rollout) || status.abort) return 0;
  if (isFull(rollout)) return 100;
  const { activeSelector } = status.blueGreen;
  if (activeSelector !== undefined) return activeSelector === status.currentPodHash ? 100 : 0;
  const byPods = status.replicas === 0 ? 0 : Math.round((status.updatedReplicas * 100) / status.replicas);
  return status.canary.weights?.canary.weight ?? byPods;
}

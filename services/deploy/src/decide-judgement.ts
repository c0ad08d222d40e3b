import type { DeploymentPlan, Rollout } from '@orchestra/contracts';
import type { Answer } from './answer.ts';

export interface JudgementFacts {
  /** The rollout as the target has it; null: the lane is no longer its own. */
  lane: Rollout | null;
  /** Whether a rollback has the target in its hands. */
  seized: boolean;
  /** The step that this job stands for. */
  step: number;
  epoch: number;
  answer: Answer | null;
  /** What a person said to a step that could not be judged. */
  person: Answer | null;
  wished: boolean;
  timedOut: boolean;
  /** How often this step was watched again. */
  extensions: number;
  onInconclusive: DeploymentPlan['onInconclusive'];
}

export type Judgement =
  | { kind: 'wait'; reason: 'health' | 'rollback' }
  | { kind: 'ask'; reason: 'health_unclear' }
  | { kind: 'advance'; reason: 'healthy' | 'ordered' }
  | { kind: 'release'; reason: 'healthy' | 'ordered' }
  | { kind: 'watch_again'; reason: 'health_unclear' }
  | { kind: 'give_back'; reason: 'wished' | 'taken_out_of_traffic' | 'health_unclear' | 'ordered' }
  | { kind: 'fail'; reason: 'step_timed_out' }
  | { kind: 'rolled_back'; reason: 'rolled_back' | 'lane_lost' }
  | { kind: 'drop'; reason: 'stale_epoch' | 'stale_step' };

const maxExtensions = 3;

/** What follows for a step from what is known about it. */
export function decideJudgement(facts: JudgementFacts): Judgement {
  const { lane, answer } = facts;
  if (lane === null) return withoutLane(facts);
  if (lane.epoch !== facts.epoch) return { kind: 'drop', reason: 'stale_epoch' };
  if (lane.step !== facts.step || lane.state !== 'judging') return { kind: 'drop', reason: 'stale_step' };
  if (facts.wished) return { kind: 'give_back', reason: 'wished' };
  if (answer === null)
    return facts.timedOut ? { kind: 'fail', reason: 'step_timed_out' } : { kind: 'wait', reason: 'health' };
  return byAnswer(facts, lane, answer);
}

// The rollback that took the lane says how it ended; only a wish does not wait for it.
function withoutLane({ seized, answer, wished }: JudgementFacts): Judgement {
  if (answer?.kind === 'rollback') return { kind: 'rolled_back', reason: 'rolled_back' };
  if (seized && !wished) return { kind: 'wait', reason: 'rollback' };
  return { kind: 'rolled_back', reason: 'lane_lost' };
}

function byAnswer(facts: JudgementFacts, lane: Rollout, answer: Answer): Judgement {
  switch (answer.kind) {
    case 'health':
      return answer.verdict === 'HEALTHY' ? goOn(lane, 'healthy') : inconclusive(facts, lane);
    case 'rollback':
      return { kind: 'give_back', reason: 'taken_out_of_traffic' };
    case 'person':
      return byPerson(answer.says, lane);
  }
}

function inconclusive({ onInconclusive, extensions, person }: JudgementFacts, lane: Rollout): Judgement {
  if (person?.kind === 'person') return byPerson(person.says, lane);
  if (person?.kind === 'rollback') return { kind: 'give_back', reason: 'taken_out_of_traffic' };
  if (onInconclusive === 'ask') return { kind: 'ask', reason: 'health_unclear' };
  if (onInconclusive === 'extend' && extensions < maxExtensions)
    return { kind: 'watch_again', reason: 'health_unclear' };
  return { kind: 'give_back', reason: 'health_unclear' };
}

function byPerson(says: 'go_on' | 'abort', lane: Rollout): Judgement {
  return says === 'go_on' ? goOn(lane, 'ordered') : { kind: 'give_back', reason: 'ordered' };
}

function goOn(lane: Rollout, reason: 'healthy' | 'ordered'): Judgement {
  return lane.step < lane.weights.length ? { kind: 'advance', reason } : { kind: 'release', reason };
}

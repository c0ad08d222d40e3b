import type { DeploymentPlan, Rollout } from '@orchestra/contracts';
import type { Answer } from './answer.ts';

export interface JudgementFacts {
  /** The rollout as the target has it; null: the lane is no longer its own. */
  lane: Rollout | null;
  /** Whether a rollback has the target in its hands. */
  seized: boolean;
  /** Whether a way back could not be done. */
  blocked: boolean;
  /** The step that this job stands for. */
  step: number;
  epoch: number;
  answer: Answer | null;
  /** What a person said to a step that could not be judged. */
  person: Answer | null;
  wished: boolean;
  timedOut: boolean;
  /** Whether a person who was asked has had all the time there is. */
  unanswered: boolean;
  /** How often this step was watched again. */
  extensions: number;
  onInconclusive: DeploymentPlan['onInconclusive'];
}

export type Judgement =
  | { kind: 'wait'; reason: 'health' | 'rollback' }
  | { kind: 'ask'; reason: 'health_unclear' }
  | { kind: 'advance'; reason: 'healthy' | 'ordered' | 'resumed' }
  | { kind: 'release'; reason: 'healthy' | 'ordered' }
  | { kind: 'watch_again'; reason: 'health_unclear' | 'resumed' }
  | { kind: 'give_back'; reason: 'wished' | 'taken_out_of_traffic' | 'health_unclear' | 'unanswered' | 'ordered' }
  | { kind: 'fail'; reason: 'step_timed_out' }
  | { kind: 'ousted'; reason: 'rolled_back' | 'lane_lost' | 'target_blocked' }
  | { kind: 'drop'; reason: 'stale_epoch' | 'stale_step' };

const maxExtensions = 3;

/** What follows for a step from what is known about it. */
export function decideJudgement(facts: JudgementFacts): Judgement {
  const { lane, answer } = facts;
  if (lane === null) return withoutLane(facts);
  if (isBegun(lane, facts)) return resume(facts, lane);
  const stale = whyStale(lane, facts);
  if (stale !== null) return { kind: 'drop', reason: stale };
  if (facts.wished) return { kind: 'give_back', reason: 'wished' };
  if (answer === null)
    return facts.timedOut ? { kind: 'fail', reason: 'step_timed_out' } : { kind: 'wait', reason: 'health' };
  return byAnswer(facts, lane, answer);
}

function whyStale({ epoch, step, state }: Rollout, facts: JudgementFacts): 'stale_epoch' | 'stale_step' | null {
  if (epoch !== facts.epoch) return 'stale_epoch';
  return step !== facts.step || state !== 'judging' ? 'stale_step' : null;
}

// The next judgement is a job of its own, made by the end of this one: as long as this one goes on, a later move of the
// rollout is its own, begun before a crash or before the target moved under it.
function isBegun({ epoch, state }: Rollout, facts: JudgementFacts): boolean {
  return epoch > facts.epoch && (state === 'stepping' || state === 'returning');
}

function resume(facts: JudgementFacts, lane: Rollout): Judgement {
  if (facts.wished) return { kind: 'give_back', reason: 'wished' };
  if (lane.state === 'stepping')
    return { kind: lane.step === facts.step ? 'watch_again' : 'advance', reason: 'resumed' };
  // Whatever was heard since: traffic that is on its way back does not turn round.
  const judged = facts.answer === null ? null : byAnswer(facts, lane, facts.answer);
  return judged?.kind === 'give_back' ? judged : { kind: 'give_back', reason: 'health_unclear' };
}

// The rollback that took the lane says how it ended; only a wish does not wait for it.
function withoutLane({ seized, blocked, answer, wished }: JudgementFacts): Judgement {
  const outcome = answer?.kind === 'rollback' ? answer.outcome : null;
  if (outcome === 'restored') return { kind: 'ousted', reason: 'rolled_back' };
  if (outcome === 'unknown' || (seized && blocked)) return { kind: 'ousted', reason: 'target_blocked' };
  if (seized && !wished) return { kind: 'wait', reason: 'rollback' };
  return { kind: 'ousted', reason: 'lane_lost' };
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

function inconclusive(facts: JudgementFacts, lane: Rollout): Judgement {
  const { onInconclusive, extensions, person, unanswered } = facts;
  if (person?.kind === 'person') return byPerson(person.says, lane);
  if (person?.kind === 'rollback') return { kind: 'give_back', reason: 'taken_out_of_traffic' };
  if (onInconclusive === 'ask')
    return unanswered ? { kind: 'give_back', reason: 'unanswered' } : { kind: 'ask', reason: 'health_unclear' };
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

import { checkDeadLetters } from './dead-letters-whole.ts';
import { checkEffects } from './effects-once.ts';
import { checkEnds } from './exactly-one-end.ts';
import { checkLeftovers } from './nothing-left.ts';
import { checkOrder } from './never-older-over-newer.ts';
import { checkQueues } from './nothing-stuck.ts';
import { checkState } from './state-is-fold.ts';
import type { Violation } from './violation.ts';
import type { WorldFacts } from './world-facts.ts';

/** Everything that a world at rest does against the promises; empty: it kept all of them. */
export function checkInvariants(facts: WorldFacts): Violation[] {
  const checks = [checkEnds, checkEffects, checkOrder, checkLeftovers, checkState, checkQueues, checkDeadLetters];
  return checks.flatMap((check) => check(facts));
}

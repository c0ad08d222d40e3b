import type { Acceptance, Claim, RunStore } from '@orchestra/runtime';
import { accept } from './accept.ts';
import { claim } from './claim.ts';
import { nextDueMs } from './queue-stats.ts';
import { hintName, type Step } from './step.ts';

type Joined = Awaited<ReturnType<RunStore['acceptAndClaim']>>;

/** Both in one step. The workers are not woken for a job that is taken already: only for what sleeps or is left. */
export function acceptAndClaim(step: Step, acceptance: Acceptance, asked: Claim): Joined {
  const taken = accept(step, acceptance);
  if (taken !== 'accepted') return { taken, job: null };
  const job = claim(step, asked);
  const { service, arm, job: made } = acceptance;
  const sleeps = arm.length > 0 || (made !== null && made.delayMs > 0);
  if (job !== null && !sleeps && nextDueMs(step, service, []) !== 0) step.hints.delete(hintName(service, 'jobs'));
  return { taken, job };
}

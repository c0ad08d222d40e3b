import { ownedLane } from '@orchestra/contracts';
import type { Result } from '@orchestra/runtime';
import { z } from 'zod';
import { answerKeys, findAnswer, type Answer } from './answer.ts';
import { decideWayOut } from './decide-way-out.ts';
import { giveBack } from './give-back.ts';
import type { Ports } from './ports.ts';
import { sliceAfter } from './report.ts';
import { gatherWork, type Context } from './work.ts';

const payloadSchema = z.object({ release: z.string() });

const lookAgainMs = 5_000;
// As long as the worst that a rollback needs: a lease, its attempts, and a start of all processes.
const rollbackLimitMs = 1_800_000;

/** A rollout that failed waits for what rollback says, and carries out a refusal. */
export async function endFailing(given: unknown, context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const { release } = payloadSchema.parse(given);
  const work = await gatherWork(context, ports);
  const { target } = work.held;
  const answerKey = answerKeys.failing(work.unit, release);
  const answer = await findAnswer(context, answerKey);
  const ownsLane = ownedLane(target, work.mover) !== null;
  const timedOut = context.now.getTime() - context.job.createdAt.getTime() > rollbackLimitMs;
  const way = decideWayOut({
    ownsLane,
    seized: target.seizure !== null,
    blocked: target.blocked !== null,
    answer,
    timedOut,
  });
  const { kind, reason } = way;
  const decided = [{ what: 'way out decided', reason, facts: { kind, release, ownsLane, timedOut, answer } }];
  switch (way.kind) {
    case 'wait':
      // An answer that is there already would wake the job at once, again and again.
      return {
        kind: 'park',
        reason: way.reason,
        delayMs: lookAgainMs,
        status: 'running',
        ...(answer === null ? { answerKey } : {}),
      };
    case 'end':
      return {
        kind: 'end',
        status: way.status,
        reason: way.reason,
        message: way.reason === 'rolled_back' ? 'The release was rolled back' : 'The way back could not be done',
        events: [],
        slice: sliceAfter(work, way.reason),
        decided,
      };
    case 'give_back':
      await context.note({}, decided);
      return giveBack(work, { ...refusalOf(answer), status: 'failure', reason: 'rollout_failed', health: 'bad' });
  }
}

function refusalOf(answer: Answer | null) {
  if (answer?.kind !== 'rollback')
    return { message: 'The rollout failed, and nobody answered for a rollback', causes: [] };
  const message = `The rollout failed; no rollback: ${answer.reason}`;
  return { message, causes: [answer.eventId], checks: answer.checks };
}

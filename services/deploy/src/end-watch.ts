import { extendedMs, judgeRelease } from '@orchestra/contracts';
import { targetWrite, type Result } from '@orchestra/runtime';
import { z } from 'zod';
import { answerKeys, findAnswer, type Answer } from './answer.ts';
import { decideWatchEnd, type WatchEnd } from './decide-watch.ts';
import type { Ports } from './ports.ts';
import { sliceAfter, triggered } from './report.ts';
import { runPostHook } from './run-post-hook.ts';
import { tellGroup } from './wait-for-group.ts';
import { gatherWork, type Context, type Work } from './work.ts';

const payloadSchema = z.object({ release: z.string() });

// What observability needs beyond its own limits: a restart, a rollback that it waits for.
const graceMs = 1_800_000;

/** Waits for the last word about a release that serves, and ends the unit with it. */
export async function endWatch(given: unknown, context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const { release } = payloadSchema.parse(given);
  const plan = await context.plan();
  const { observability } = plan;
  const work = await gatherWork(context, ports);
  await tellGroup(work, plan);
  const hookFailure = await runPostHook(work, release);
  const answerKey = answerKeys.watch(work.unit, release);
  const answer = await findAnswer(context, answerKey);
  const longerMs = extendedMs(work.held.target, release);
  const limitMs = observability.releaseWatchMs + longerMs + observability.maxWaitMs + graceMs;
  const leftMs = context.job.createdAt.getTime() + limitMs - context.now.getTime();
  const end = decideWatchEnd({ answer, timedOut: leftMs <= 0 });
  if (end.kind === 'wait')
    return { kind: 'park', reason: 'watch', delayMs: Math.max(1, leftMs), status: 'running', answerKey };

  const { reason, health } = end;
  const checks = answer !== null && answer.kind !== 'person' ? answer.checks : [];
  const judged = health === null ? null : judgeRelease(work.held.target, { release, health, checks });
  return {
    kind: 'end',
    ...wordsOf(end, hookFailure),
    events: reason === 'degraded' ? [degraded(work, release, answer)] : [],
    ...(judged?.kind === 'moved' ? { target: targetWrite(work.held, judged) } : {}),
    slice: sliceAfter(work, reason),
    decided: [{ what: 'watch ended', reason, facts: { release, answer } }],
  };
}

// Of a hook that failed the release stays: what came after it went wrong, not what serves.
function wordsOf({ status, reason }: Exclude<WatchEnd, { kind: 'wait' }>, hookFailure: string | null) {
  if (hookFailure === null || status !== 'success') return { status, reason, message: messages[reason] };
  return { status: 'failure' as const, reason: 'post_hook_failed', message: `The release serves, but: ${hookFailure}` };
}

const messages = {
  watched: 'The release was watched and is healthy',
  replaced: 'Replaced before the watch ended',
  released_unjudged: 'The release serves; there was too little data to judge it',
  unwatched: 'The release serves; nobody watched it, because watching is switched off',
  rolled_back: 'The release was rolled back',
  degraded: 'The release is unhealthy and could not be rolled back: a person has to look',
  target_blocked: 'The rollback could not be done: a person has to look',
  watch_unanswered: 'The release serves, but nobody watched it',
} as const;

// People are called by this event; rollback has given its answer already and leaves it alone.
function degraded(work: Work, release: string, answer: Answer | null) {
  const causes = answer === null ? [] : [answer.eventId];
  const event = triggered(work, {
    phase: 'FAILED',
    status: 'failure',
    reason: 'rollback_refused',
    lane: null,
    url: null,
    causes,
  });
  return { ...event, data: { ...event.data, release, epoch: work.held.target.epoch } };
}

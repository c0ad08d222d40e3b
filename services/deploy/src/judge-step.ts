import { finishRollout, OrchestraError, ownedLane, type Rollout } from '@orchestra/contracts';
import { concludeWishes, targetWrite, type Result } from '@orchestra/runtime';
import { z } from 'zod';
import { answerKeys, findAnswer, type Answer } from './answer.ts';
import { decideJudgement, type Judgement } from './decide-judgement.ts';
import { decideRetirement } from './decide-step.ts';
import { failRolloutHere } from './fail-rollout.ts';
import { giveBack, type Ending } from './give-back.ts';
import { endOusted } from './end-ousted.ts';
import type { Ports, Serving } from './ports.ts';
import { sliceOf, triggered } from './report.ts';
import { takeStep } from './take-step.ts';
import { gatherWork, type Context, type Work } from './work.ts';

const payloadSchema = z.object({ step: z.int(), epoch: z.int(), extensions: z.int() });
type Payload = z.output<typeof payloadSchema>;

const rollbackPollMs = 1_000;
// From the beginning of the step: nobody holds a target for ever because nobody looks.
const answerWithinMs = 86_400_000;

interface Judged {
  work: Work;
  lane: Rollout | null;
  payload: Payload;
  answer: Answer | null;
  person: Answer | null;
  leftMs: number;
  /** What is left to a person who is asked. */
  answerLeftMs: number;
}

/** Waits for the verdict on one step and makes what follows from it. */
export async function judgeStep(given: unknown, context: Context, ports: Ports): Promise<Result<'deploy'>> {
  const payload = payloadSchema.parse(given);
  const { deployment } = await context.plan();
  const work = await gatherWork(context, ports);
  const { target } = work.held;
  const ageMs = context.now.getTime() - context.job.createdAt.getTime();
  const leftMs = (deployment?.stepTimeoutMs ?? 0) - ageMs;
  const answerLeftMs = answerWithinMs - ageMs;
  const judged: Judged = {
    work,
    payload,
    leftMs,
    answerLeftMs,
    lane: ownedLane(target, work.mover),
    answer: await findAnswer(context, answerKeys.judge(work.unit, payload.epoch)),
    person: await findAnswer(context, answerKeys.held(work.unit, payload.epoch)),
  };
  const judgement = decideJudgement({
    ...judged,
    ...payload,
    seized: target.seizure !== null,
    blocked: target.blocked !== null,
    wished: context.wishes().length > 0,
    timedOut: leftMs <= 0,
    unanswered: answerLeftMs <= 0,
    onInconclusive: deployment?.onInconclusive ?? 'abort',
  });
  context.log.info({ ...judgement, ...payload }, 'step judged');
  await tell(judgement, judged);
  return perform(judgement, judged);
}

// Before what follows from it, which may take long and end in other words. To wait decides nothing; a drop tells of itself.
async function tell({ kind, reason }: Judgement, { work, lane, payload, answer, person }: Judged): Promise<void> {
  if (kind === 'wait' || kind === 'drop') return;
  const wishes = work.context.wishes().map(({ wish }) => wish);
  const facts = { kind, ...payload, state: lane?.state ?? null, answer, person, wishes };
  await work.context.note({}, [{ what: 'step judged', reason, facts }]);
}

function perform(judgement: Judgement, judged: Judged): Promise<Result<'deploy'>> | Result<'deploy'> {
  const { work, payload } = judged;
  switch (judgement.kind) {
    case 'wait':
      return waitFor(judgement.reason, judged);
    case 'ask':
      return askPerson(judged);
    case 'advance':
      return takeStep(work, { step: payload.step + 1, causes: causesOf(judged), extensions: 0 });
    case 'watch_again':
      return takeStep(work, { step: payload.step, causes: causesOf(judged), extensions: payload.extensions + 1 });
    case 'release':
      return release(judged);
    case 'give_back':
      return giveBack(work, endingOf(judgement.reason, judged));
    case 'fail':
      return failRolloutHere(work, { reason: judgement.reason, message: 'Nobody judged this step in time' });
    case 'ousted':
      return endOusted(work, judgement.reason);
    case 'drop':
      return {
        kind: 'end',
        status: null,
        events: [],
        decided: [{ what: 'judgement dropped', reason: judgement.reason, facts: payload }],
      };
  }
}

function waitFor(reason: 'health' | 'rollback', { work, payload, leftMs }: Judged): Result<'deploy'> {
  if (reason === 'rollback') return { kind: 'park', reason, delayMs: rollbackPollMs, status: 'running' };
  const answerKey = answerKeys.judge(work.unit, payload.epoch);
  return { kind: 'park', reason, delayMs: Math.max(1, leftMs), status: 'running', answerKey };
}

function askPerson({ work, lane, payload, answerLeftMs }: Judged): Result<'deploy'> {
  return {
    kind: 'park',
    reason: 'health_unclear',
    message: 'There is too little data to judge this step: go on, or take it back?',
    delayMs: answerLeftMs,
    answerKey: answerKeys.held(work.unit, payload.epoch),
    slice: sliceOf(work, { state: 'held', lane, waitsFor: 'person' }),
  };
}

/** The last step is good: what is no longer needed goes, the lane is free, and the watch goes on. */
async function release(judged: Judged): Promise<Result<'deploy'>> {
  const { work, lane } = judged;
  if (lane === null) return { kind: 'again' };
  const { context } = work;
  const serving = await clearAway(work, lane);
  if (serving === 'refused') return { kind: 'again' };
  const checks = judged.answer?.kind === 'health' ? judged.answer.checks : [];
  const released = finishRollout(work.held.target, { ...work.mover, epoch: lane.epoch, checks }, context.now);
  if (released.kind === 'refused') return { kind: 'again' };
  const url = serving?.url ?? null;
  const timer = {
    name: 'watch',
    task: 'watch',
    delayMs: 0,
    unit: work.unit,
    payload: { release: lane.release },
    bound: false,
  };
  return {
    kind: 'end',
    status: 'running',
    reason: 'watching',
    message: `${lane.release} serves and is ${isWatched(judged) ? '' : 'not '}watched`,
    events: [triggered(work, { phase: 'RELEASED', status: null, reason: null, lane, url, causes: causesOf(judged) })],
    target: targetWrite(work.held, released),
    timers: [timer],
    slice: sliceOf(work, { state: 'watching', lane, serving, waitsFor: 'watch' }),
    decided: [
      { what: 'released', reason: 'all_steps_healthy', facts: { release: lane.release, epoch: lane.epoch, checks } },
    ],
  };
}

async function clearAway({ context, ports, key }: Work, lane: Rollout): Promise<Serving | null | 'refused'> {
  const serving = await ports.releases.look(key, context.signal);
  const present = serving?.releases.map((one) => one.release) ?? [];
  const retired = { target: key, epoch: lane.epoch, releases: decideRetirement(lane, present) };
  try {
    await ports.releases.retire(retired, context.signal);
    return serving;
  } catch (error) {
    // A rollback has taken the target between our look at it and now.
    if (error instanceof OrchestraError && error.code === 'TARGET_REFUSED') return 'refused';
    throw error;
  }
}

function isWatched({ answer }: Judged): boolean {
  return answer?.kind !== 'health' || answer.reason !== 'not_watched';
}

function endingOf(reason: Extract<Judgement, { kind: 'give_back' }>['reason'], judged: Judged): Ending {
  const { answer, person, work } = judged;
  const causes = causesOf(judged);
  const wished = concludeWishes(work.context.wishes().map(({ wish }) => wish));
  if (wished !== null) return { ...wished, causes };
  const refused = [answer, person].find((one) => one?.kind === 'rollback');
  if (refused?.kind === 'rollback') {
    const message = `No rollback (${refused.reason}), so the release was taken out of traffic`;
    return { status: 'failure', reason, message, causes, health: 'bad', checks: refused.checks };
  }
  if (reason === 'ordered') return { status: 'failure', reason: 'rejected', message: 'A person took it back', causes };
  const message =
    reason === 'unanswered'
      ? 'There was too little data to judge it, and nobody said within a day how to go on'
      : 'There was too little data to judge it';
  return { status: 'error', reason: reason === 'unanswered' ? reason : 'health_unclear', message, causes };
}

function causesOf({ answer, person }: Judged): string[] {
  return [answer, person].flatMap((one) => (one === null ? [] : [one.eventId]));
}

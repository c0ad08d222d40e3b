import { beginStep, finishStep, OrchestraError, ownedLane, type Rollout } from '@orchestra/contracts';
import { concludeWishes, targetWrite, whileUnwished, type Result } from '@orchestra/runtime';
import { answerKeys } from './answer.ts';
import { raiseFlag } from './change-flag.ts';
import { decideStep, type StepEffect } from './decide-step.ts';
import { failRolloutHere } from './fail-rollout.ts';
import { giveBack } from './give-back.ts';
import type { Serving } from './ports.ts';
import { prepareRelease } from './prepare-release.ts';
import { sliceOf, triggered } from './report.ts';
import { previousOf, startableOf, writeMove, type Work } from './work.ts';

export interface Step {
  step: number;
  /** Events that led to it, beside those of the job. */
  causes: readonly string[];
  /** How often this step was watched before. */
  extensions: number;
}

/** Makes one step: its epoch, its effect, its event; then it is judged by a job of its own. */
export async function takeStep(before: Work, step: Step): Promise<Result<'deploy'>> {
  const begun = beginStep(before.held.target, { ...before.mover, step: step.step });
  if (begun.kind === 'refused') return { kind: 'again' };
  const work = await writeMove(before, begun);
  if (typeof work === 'string') return { kind: 'again' };
  const lane = ownedLane(work.held.target, work.mover);
  if (lane === null) return { kind: 'again' };

  try {
    const effect = effectOf(work, lane);
    await prepareRelease(work, lane);
    const serving = await whileUnwished(work.context, (signal) => perform({ work, lane, effect }, signal));
    const notes = await work.ports.releases.notes(work.key, work.context.signal);
    const wished = concludeWishes(work.context.wishes().map(({ wish }) => wish));
    return wished === null
      ? judgeNext(work, lane, { ...step, effect, serving, notes })
      : await giveBack(work, { ...wished, causes: [] });
  } catch (error) {
    return afterFailure(work, error);
  }
}

function effectOf(work: Work, lane: Rollout): StepEffect {
  const previous = previousOf(work, lane);
  const serving = previous === null ? null : { release: previous.release, replicas: previous.manifest.replicas };
  return decideStep(lane, serving);
}

interface Performing {
  work: Work;
  lane: Rollout;
  effect: StepEffect;
}

async function perform({ work, lane, effect }: Performing, signal: AbortSignal): Promise<Serving> {
  const { ports, key } = work;
  const { releases } = ports;
  const move = { target: key, epoch: lane.epoch };
  const previous = previousOf(work, lane);
  const startable = startableOf(work, lane.release, { ...lane.manifest, replicas: effect.replicas });
  await releases.bringUp({ ...move, startable }, signal);
  const serving = await releases.share({ ...move, weights: effect.weights }, signal);
  if (effect.scale !== null && previous !== null) {
    const fewer = { ...previous.manifest, replicas: effect.scale.replicas };
    await releases.bringUp({ ...move, startable: startableOf(work, previous.release, fewer) }, signal);
  }
  // Behind the move of the traffic, which an older epoch could not have made.
  await raiseFlag(work, lane, signal);
  await releases.retire({ ...move, releases: effect.retire }, signal);
  return serving;
}

interface Made {
  effect: StepEffect;
  serving: Serving;
  notes: readonly string[];
}

function judgeNext(
  work: Work,
  lane: Rollout,
  { step, causes, extensions, effect, serving, notes }: Step & Made,
): Result<'deploy'> {
  const finished = finishStep(work.held.target, { ...work.mover, step, epoch: lane.epoch });
  if (finished.kind === 'refused') return { kind: 'again' };
  const { epoch } = lane;
  const { url } = serving;
  return {
    kind: 'end',
    status: 'running',
    reason: 'judging',
    message: `${lane.release} ${describeMove(lane, step, serving)}, step ${step} of ${lane.weights.length}`,
    events: [triggered(work, { phase: 'STEP', status: null, reason: null, lane, url, causes })],
    notes,
    target: targetWrite(work.held, finished),
    timers: [
      { name: `judge-${epoch}`, task: 'judge', delayMs: 0, unit: work.unit, payload: { step, epoch, extensions } },
    ],
    slice: sliceOf(work, { state: 'judging', lane, serving, waitsFor: 'health' }),
    decided: [
      {
        what: 'step made',
        reason: 'effect_done',
        facts: { step, epoch, effect, key: answerKeys.judge(work.unit, epoch) },
      },
    ],
  };
}

function describeMove(lane: Rollout, step: number, serving: Serving): string {
  const { flag } = lane.manifest;
  if (flag !== undefined) return `serves, its flag ${flag} is on for ${lane.weights[step - 1] ?? 100} % of the users`;
  return `takes ${describeShare(lane, step, serving)} of the traffic`;
}

// Where pods are counted, a share is what their number gives.
function describeShare({ release, weights }: Rollout, step: number, { releases }: Serving): string {
  const asked = weights[step - 1] ?? 100;
  const given = releases.find((one) => one.release === release)?.weight ?? 0;
  return given === 0 || given === asked ? `${asked} %` : `${given} % (asked for ${asked} %)`;
}

async function afterFailure(work: Work, error: unknown): Promise<Result<'deploy'>> {
  const { context } = work;
  if (context.signal.aborted) throw error; // stopped from outside: the runtime knows why
  const wished = concludeWishes(context.wishes().map(({ wish }) => wish));
  if (wished !== null) return giveBack(work, { ...wished, causes: [] });
  if (!(error instanceof OrchestraError)) throw error;
  // Somebody has moved the world further than we know: look at the target again.
  if (error.code === 'TARGET_REFUSED') return { kind: 'again' };
  if (error.retriable && error.code !== 'RELEASE_NOT_READY') throw error;
  return failRolloutHere(work, { reason: error.code.toLowerCase(), message: error.message });
}

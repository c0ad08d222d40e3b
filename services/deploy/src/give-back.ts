import {
  beginReturn,
  blockTarget,
  degradeTarget,
  finishReturn,
  OrchestraError,
  ownedLane,
  type Check,
  type ReleaseHealth,
  type Rollout,
  type TerminalStatus,
  type Transition,
} from '@orchestra/contracts';
import { targetWrite, type Ended, type Result } from '@orchestra/runtime';
import { lowerFlag } from './change-flag.ts';
import { sliceOf, triggered } from './report.ts';
import { previousOf, startableOf, writeMove, type Work } from './work.ts';

/** How the rollout ends once its traffic is given back. */
export interface Ending {
  status: TerminalStatus;
  reason: string;
  message: string;
  causes: readonly string[];
  /** Where there is nothing to give it back to: how good the release is known to be that goes on serving. */
  health?: ReleaseHealth;
  checks?: readonly Check[];
}

/** Gives the traffic back to what served before and ends the rollout. A way back that cannot be done blocks the target. */
export async function giveBack(before: Work, ending: Ending): Promise<Result<'deploy'>> {
  const begun = beginReturn(before.held.target, before.mover);
  if (begun.kind === 'refused') return { kind: 'again' };
  const work = await writeMove(before, begun);
  if (typeof work === 'string') return { kind: 'again' };
  const lane = ownedLane(work.held.target, work.mover);
  if (lane === null) return { kind: 'again' };

  try {
    const serves = await perform(work, lane);
    return aborted(work, lane, { ...ending, serves });
  } catch (error) {
    if (!(error instanceof OrchestraError) || (error.retriable && error.code !== 'RELEASE_NOT_READY')) throw error;
    if (error.code === 'TARGET_REFUSED') return { kind: 'again' };
    return blockedEnd(work, error.message);
  }
}

/** Returns whether the release itself goes on serving, because nothing served before it. */
async function perform(work: Work, lane: Rollout): Promise<boolean> {
  const { ports, key, context } = work;
  const move = { target: key, epoch: lane.epoch };
  const previous = previousOf(work, lane);
  await lowerFlag(work, lane);
  const { releases } = await ports.releases.claim({ ...move, port: lane.manifest.port }, context.signal);
  if (previous === null)
    return releases.some(({ release, ready, weight }) => release === lane.release && ready > 0 && weight > 0);

  const to = startableOf(work, previous.release, previous.manifest);
  await ports.releases.giveBack({ ...move, to }, context.signal);
  await ports.releases.retire({ ...move, releases: [lane.release] }, context.signal);
  return false;
}

function aborted(work: Work, lane: Rollout, ending: Ending & { serves: boolean }): Result<'deploy'> {
  const { status, reason, message, causes, serves, health = 'unknown', checks = [] } = ending;
  const made = { ...work.mover, epoch: lane.epoch };
  const ended: Transition = serves
    ? degradeTarget(work.held.target, { ...made, health, checks }, work.context.now)
    : finishReturn(work.held.target, made);
  if (ended.kind === 'refused') return { kind: 'again' };
  return {
    kind: 'end',
    status,
    reason,
    message,
    events: [triggered(work, { phase: 'ABORTED', status, reason, lane, url: null, causes })],
    target: targetWrite(work.held, ended),
    slice: sliceOf(work, { state: serves ? 'degraded' : 'aborted', lane }),
    decided: [
      {
        what: serves ? 'release left serving' : 'traffic given back',
        reason,
        facts: { release: lane.release, to: lane.previous },
      },
    ],
  };
}

/** The lane stays taken and people are called: nobody may guess what serves now. */
export function blockedEnd(work: Work, message: string): Ended<'deploy'> {
  const lane = ownedLane(work.held.target, work.mover);
  const reason = 'target_blocked';
  const blocked = blockTarget(
    work.held.target,
    { reason: message.slice(0, 500), runId: work.mover.runId },
    work.context.now,
  );
  return {
    kind: 'end',
    status: 'unknown',
    reason,
    message: `The way back could not be done: ${message}`,
    events: [triggered(work, { phase: 'ABORTED', status: 'unknown', reason, lane, url: null })],
    ...(blocked.kind === 'moved' ? { target: targetWrite(work.held, blocked) } : {}),
    slice: sliceOf(work, { state: 'blocked', lane, waitsFor: 'person' }),
    decided: [{ what: 'target blocked', reason, facts: { message } }],
  };
}

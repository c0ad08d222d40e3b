import { OrchestraError } from '@orchestra/runtime';
import { setTimeout as wait } from 'node:timers/promises';
import { explainPods, listPods } from '../explain-pods.ts';
import type { Connect } from '../connect-cluster.ts';
import { deniedBy, readRefusal } from '../read-refusal.ts';
import { isFull, isObserved, judgeRollout, type RolloutStanding } from './judge-rollout.ts';
import { absent, imageIn, refuseOlder, type RolloutMove } from './move-rollout.ts';
import { findRollout, rolloutNamed, type FoundRollout } from './read-rollout.ts';

/** What is waited for. */
export interface AwaitedRollout {
  move: RolloutMove;
  connect: Connect;
  release: string;
  image: string;
  timeoutMs: number;
  /** The way back takes no steps. */
  isWayBack: boolean;
}

const pollMs = 1_000;
const brief = { requestMs: 3_000, deadlineMs: 3_000 };

/**
 * Waits until a Rollout has gone through its own steps and all of it is the release. Nothing is said to its controller on
 * the way there; on the way back its steps are skipped, as `kubectl argo rollouts promote --full` does.
 *
 * @throws OrchestraError, none retriable: `RELEASE_NOT_READY` with what its controller says when it is degraded, aborted or
 *   late; `TARGET_DENIED` where somebody else has set another image; `TARGET_REFUSED` where a later move was there
 */
export async function awaitRollout(awaited: AwaitedRollout): Promise<void> {
  const { move, timeoutMs, isWayBack } = awaited;
  const until = performance.now() + timeoutMs;
  let skips = isWayBack;
  for (;;) {
    const rollout = await readAllowed(move);
    demandImage(rollout, awaited);
    const standing = judgeRollout(rollout);
    if (standing.kind === 'healthy') return;
    if (standing.kind === 'failed') throw await notReady(awaited, standing);
    if (performance.now() >= until)
      throw await notReady(awaited, { ...standing, message: `${standing.message}, after ${timeoutMs / 1000} s` });
    if (skips) skips = await skipSteps(move, rollout);
    await wait(pollMs, null, move.signal === undefined ? {} : { signal: move.signal });
  }
}

async function readAllowed({ apis, names, epoch }: RolloutMove): Promise<FoundRollout> {
  try {
    const found = await findRollout(apis, names);
    if (found === null) throw absent(names);
    refuseOlder(found, epoch);
    return found;
  } catch (error) {
    throw deniedBy(error);
  }
}

function demandImage(rollout: FoundRollout, { image, move }: AwaitedRollout): void {
  const now = imageIn(rollout, image).image;
  if (now === image) return;
  const message =
    `Somebody else has set the image of the Rollout ${move.names.rollout} to ${now}: ` +
    'let what applies it leave the image to the platform';
  throw new OrchestraError('TARGET_DENIED', message);
}

// Its controller forgets this when it sees other pods, so it is told behind that. Where we may not tell it, its steps go on.
async function skipSteps({ apis, names }: RolloutMove, rollout: FoundRollout): Promise<boolean> {
  if (!isObserved(rollout) || isFull(rollout) || rollout.status.promoteFull) return true;
  const { resourceVersion } = rollout.metadata;
  const part = { metadata: { resourceVersion }, status: { promoteFull: true } };
  try {
    await apis.objects.merge(rolloutNamed(names), part, 'status');
    return true;
  } catch (error) {
    const status = readRefusal(error)?.status;
    if (status === undefined) throw error;
    return status === 409;
  }
}

async function notReady(
  { move, connect, release }: AwaitedRollout,
  { message }: RolloutStanding,
): Promise<OrchestraError> {
  const { names, signal } = move;
  const apis = await connect(signal, brief);
  const pods = await listPods(apis, names, release).catch(() => []);
  const reasons = pods.length === 0 ? '' : await explainPods(apis, names, pods);
  const told = `The Rollout ${names.rollout} ${message}${reasons === '' ? '' : `; ${reasons}`}`;
  return new OrchestraError('RELEASE_NOT_READY', told);
}

import { ownedLane } from '@orchestra/contracts';
import type { Conclusion, Ended } from '@orchestra/runtime';
import { endUnbegun } from './end-unbegun.ts';
import { failedEnd } from './fail-rollout.ts';
import { blockedEnd } from './give-back.ts';
import type { Ports } from './ports.ts';
import { gatherWork, type Context } from './work.ts';

/**
 * The end of a job that could not do its work. A rollout that has the lane never ends by a bare `error`: it fails, so that
 * rollback looks after the target; and one that had failed already, or was giving traffic back, leaves the target blocked.
 */
export async function concludeRollout(
  conclusion: Conclusion,
  context: Context,
  ports: Ports,
): Promise<Ended<'deploy'>> {
  const work = await gatherWork(context, ports);
  const lane = ownedLane(work.held.target, work.mover);
  if (lane === null) return endUnbegun(work, conclusion);
  if (lane.state === 'returning' || lane.state === 'failing') return blockedEnd(work, conclusion.message);
  return failedEnd(work, conclusion) ?? endUnbegun(work, conclusion);
}

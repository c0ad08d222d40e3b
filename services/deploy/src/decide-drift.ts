import { findCurrent, targetKey, type Target } from '@orchestra/contracts';
import type { Left } from './ports.ts';

export type DriftLook =
  | { kind: 'look'; left: Left; by: { runId: string; generation: number } }
  | { kind: 'rest'; reason: 'moving' | 'blocked' | 'nothing_serves' | 'not_in_a_cluster' | 'left_to_a_rollout' };

/** Whether what serves is compared with what was released. While something moves, the moves are the changes. */
export function decideDriftLook(target: Target): DriftLook {
  if (target.lane !== null || target.seizure !== null) return { kind: 'rest', reason: 'moving' };
  if (target.blocked !== null) return { kind: 'rest', reason: 'blocked' };
  const current = findCurrent(target);
  if (current === null) return { kind: 'rest', reason: 'nothing_serves' };
  const { release, runId, generation, manifest } = current;
  if (manifest.container === undefined) return { kind: 'rest', reason: 'not_in_a_cluster' };
  const { namespace, image, rollout } = manifest.container;
  // Its controller writes there all the time.
  if (rollout !== undefined) return { kind: 'rest', reason: 'left_to_a_rollout' };
  return { kind: 'look', left: { target: targetKey(target), namespace, release, image }, by: { runId, generation } };
}

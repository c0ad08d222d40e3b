import {
  createTarget,
  parseTarget,
  targetKey,
  type Moved,
  type ServiceName,
  type Target,
  type TargetName,
} from '@orchestra/contracts';
import type { JobContext } from './context.ts';
import type { TargetWrite } from './definition.ts';

/** A target as it was read. A write names the version that it was decided on, and is refused once that has moved. */
export interface HeldTarget {
  key: string;
  /** 0: nothing was written yet. */
  version: number;
  target: Target;
}

/** Reads the document of a target; one that nobody has written is empty. @throws OrchestraError `TARGET_INVALID` */
export async function readHeldTarget<S extends ServiceName>(
  { store }: Pick<JobContext<S>, 'store'>,
  name: TargetName,
): Promise<HeldTarget> {
  const key = targetKey(name);
  const stored = await store.readTarget(key);
  if (stored === null) return { key, version: 0, target: createTarget(name) };
  return { key, version: stored.version, target: parseTarget(stored.target) };
}

/** The write of a transition, with the rollouts that it wakes; for `changeTarget` and for the end of a job. */
export function targetWrite(
  held: HeldTarget,
  moved: Moved,
  more: Pick<TargetWrite, 'quarantine' | 'unlessQuarantined'> = {},
): TargetWrite {
  const wake = moved.wake.map(({ jobId, memo }) => ({ service: 'deploy' as const, jobId, memo }));
  return { key: held.key, expected: held.version, target: moved.target, wake, ...more };
}

/** What is held after a write that was not refused. */
export function afterWrite(held: HeldTarget, moved: Moved): HeldTarget {
  return { ...held, version: held.version + 1, target: moved.target };
}

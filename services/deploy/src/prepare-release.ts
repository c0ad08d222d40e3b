import { findCurrent, OrchestraError, worldKeyOf, type LaneRequest, type Rollout } from '@orchestra/contracts';
import type { Unbegun } from './end-unbegun.ts';
import { previousOf, startableOf, type Work } from './work.ts';

/**
 * Asks the cluster whether it would take what a run brings, before the lane is taken: nothing is changed. Null: it would;
 * what stays behind of the release before is told.
 */
export async function rehearseRelease(work: Work, { manifest }: LaneRequest): Promise<Unbegun | null> {
  const { cluster } = work.ports;
  const { objects, route, rollout } = manifest.container ?? {};
  if (cluster === undefined || (objects ?? route ?? rollout) === undefined) return null;
  const { target } = work.held;
  const current = findCurrent(target);
  const startable = startableOf(work, `r${target.nextRelease}`, manifest);
  const before = current === null ? null : startableOf(work, current.release, current.manifest);
  const key = worldKeyOf(work.name, manifest);
  try {
    await tellLeftBehind(work, await cluster.rehearse({ target: key, startable, before }, work.context.signal));
    return null;
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'INPUTS_REFUSED') throw error;
    return { status: 'failure', reason: 'inputs_refused', message: error.message };
  }
}

async function tellLeftBehind({ context }: Work, leftBehind: readonly string[]): Promise<void> {
  if (leftBehind.length === 0) return;
  await context.output(`No longer in the files, and left where they are: ${leftBehind.join(', ')}\n`);
  await context.note({}, [{ what: 'objects left behind', reason: 'not_in_files', facts: { leftBehind } }]);
}

/**
 * What comes before the pods of a release: the objects beside them, then the hook. A wish does not cut it, for half a
 * migration is worse than a whole one.
 */
export async function prepareRelease(work: Work, lane: Rollout): Promise<void> {
  const { cluster } = work.ports;
  const { container } = lane.manifest;
  if (cluster === undefined || container === undefined || lane.step > 1) return;
  const { signal } = work.context;
  const move = { target: work.key, epoch: lane.epoch, startable: startableOf(work, lane.release, lane.manifest) };
  const hadObjects = previousOf(work, lane)?.manifest.container?.objects !== undefined;
  if (container.objects !== undefined || hadObjects) await cluster.prepare(move, signal);
  const pre = container.hooks?.pre;
  if (pre !== undefined) await cluster.runHook({ ...move, hook: { when: 'pre', ...pre, ...askedBy(work) } }, signal);
}

/** Of whom a hook is asked: its name follows from it. */
export function askedBy({ mover: { runId, generation } }: Work): { runId: string; generation: number } {
  return { runId, generation };
}

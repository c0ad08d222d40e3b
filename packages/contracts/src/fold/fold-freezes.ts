import { environmentReleasesName, readFreeze, unheld, type Freeze } from '../target/freeze.ts';
import { createTarget, targetKey, type Target } from '../target/target.ts';
import type { Received, Topic } from '../topics.ts';
import { isOf } from './is-of.ts';

/**
 * Folds what people have ordered about environments into their documents: those that are frozen, also for all repositories.
 * Which releases wait there is not among the events: they look again by themselves. Pure.
 */
export function foldFreezes(events: readonly Received<Topic>[]): Target[] {
  const frozen = new Map<string, Target>();
  const orders = events.filter((event) => isOf(event, 'operator_command'));
  for (const order of orders.toSorted((left, right) => left.time.getTime() - right.time.getTime())) {
    const { action, repository, environment } = order.data;
    if (repository === null || environment === null) continue;
    const name = { repository, environment, service: environmentReleasesName };
    if (action === 'UNFREEZE') frozen.delete(targetKey(name));
    const freeze = action === 'FREEZE' ? freezeOf(order) : null;
    if (freeze !== null)
      frozen.set(targetKey(name), { ...createTarget(name), releases: { ...unheld, frozen: freeze } });
  }
  return [...frozen.values()];
}

// One that was over when it was ordered was refused.
function freezeOf({ data, time }: Received<'operator_command'>): Freeze | null {
  const ordered = readFreeze(data, { at: time, now: time });
  return ordered.kind === 'freeze' ? ordered.frozen : null;
}

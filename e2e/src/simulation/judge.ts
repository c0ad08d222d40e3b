import { consumedBy, serviceNames } from '@orchestra/contracts';
import { groupOf } from '@orchestra/runtime';
import { checkInvariants, gatherFacts, type GroupFacts, type Leftover, type Violation } from '@orchestra/testkit/world';
import { checkQuarantine } from './judge-quarantine.ts';
import { partitionGroup } from './wrap-bus.ts';
import type { World } from './world.ts';

const open = `SELECT
  (SELECT count(*) FROM runs WHERE ended_at IS NULL)
  + (SELECT count(*) FROM jobs WHERE status IN ('queued', 'running') OR due_at <= ?1 OR (status = 'parked' AND unit IS NOT NULL))
  + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM dirty) AS count`;

const behind = `SELECT count(*) AS count FROM bus_records WHERE topic = ?
  AND position > (SELECT position FROM bus_cursors WHERE consumer = ? AND topic = ?)`;

/** Whether nothing is left to do. */
export function isAtRest(world: World, partitions: number): boolean {
  const { database } = world;
  if (Number(database.get(open, [database.nowMs()])?.['count'] ?? 0) > 0) return false;
  return groupsOf(world, partitions).every(({ lag }) => lag === 0);
}

/** What a world at rest has done against the promises. */
export async function judge(
  world: World,
  partitions: number,
  isAlive: (owner: string) => boolean,
): Promise<Violation[]> {
  const { store, codec, records, pushes, outside } = world;
  const messages = outside.chat.messages();
  const { effects } = outside.ledger;
  const groups = groupsOf(world, partitions);
  const leftovers = leftoversOf(world).filter(({ owner }) => isAlive(owner));
  const facts = await gatherFacts({ store, codec, records, pushes, effects, messages, groups, leftovers });
  return [...checkInvariants(facts), ...checkQuarantine(facts)];
}

function groupsOf({ database }: World, partitions: number): GroupFacts[] {
  return serviceNames.flatMap((service) => {
    const group = groupOf(service);
    const names = Array.from({ length: partitions }, (_none, partition) => partitionGroup(group, partition));
    return consumedBy(service).map((topic): GroupFacts => {
      const lags = names.map((name) => Number(database.get(behind, [topic, name, topic])?.['count'] ?? 0));
      return { group, topic, lag: Math.max(...lags) };
    });
  });
}

// What a dead process left is swept by its next start.
function leftoversOf({ outside }: World): (Leftover & { owner: string })[] {
  const all = [...outside.benches.open, ...outside.infrastructure.open];
  return all.map(([name, owner]) => ({ kind: 'workspace', name: `${name} of ${owner}`, run: null, owner }));
}

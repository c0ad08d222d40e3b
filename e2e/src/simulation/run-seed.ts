import { serviceNames } from '@orchestra/contracts';
import type { Violation } from '@orchestra/testkit/world';
import { createActorClock } from './actor-clock.ts';
import { createCluster, type Cluster } from './cluster.ts';
import { drawFaultPlan } from './fault-plan.ts';
import { createFaults, type Faults } from './faults.ts';
import { createForgeSide } from './forge-side.ts';
import { isAtRest, judge } from './judge.ts';
import { createPeople, type People } from './people.ts';
import { poison } from './poison.ts';
import { createRandom, type Random } from './random.ts';
import { restMs, troubleMs } from './settings.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { createTrace, noTrace } from './trace.ts';
import { findSleepers } from './watch-waits.ts';
import { createWorld, type World } from './world.ts';

export interface SeedResult {
  seed: number;
  violations: readonly Violation[];
  runs: number;
  /** How long the world lived, in its own time. */
  virtualMs: number;
}

interface Stage {
  world: World;
  timeline: Timeline;
  random: Random;
  faults: Faults;
  cluster: Cluster;
  people: People;
  /** Lets the clock of the store go wrong. */
  jumpStore(ms: number): void;
}

/**
 * Plays one seed from its first push to its rest, and judges it.
 *
 * @param tell gets each line of the trace; null: none is written, which is much faster
 */
export async function runSeed(seed: number, tell: ((line: string) => void) | null = null): Promise<SeedResult> {
  const stage = await prepare(seed, tell);
  const { world, timeline, faults, cluster } = stage;
  playTrouble(stage);
  const sleepers = watchWaits(stage);
  await timeline.run(troubleMs);
  faults.heal();
  await comeToRest(stage);
  const alive = new Set(cluster.alive().map(({ name }) => name));
  const judged = await judge(world, faults.plan.partitions, (owner) => alive.has(owner));
  const violations = [...sleepers, ...judged];
  const runs = (await world.store.listRuns({ repository: null, limit: 100, before: null })).length;
  world.database.close();
  return { seed, violations, runs, virtualMs: timeline.nowMs() };
}

async function prepare(seed: number, tell: ((line: string) => void) | null): Promise<Stage> {
  const random = createRandom(String(seed));
  const timeline = createTimeline(random.fork('timeline'));
  const nowMs = (): number => timeline.nowMs();
  const plan = drawFaultPlan(random.fork('plan'), troubleMs);
  const faults = createFaults({ plan, random: random.fork('faults'), nowMs });
  const trace = tell === null ? noTrace : createTrace(nowMs, tell);
  let storeOffsetMs = 0;
  const base = { timeline, random: random.fork('clock'), actor: null };
  const clock = createActorClock({ ...base, offsetMs: () => 0 });
  const world = await createWorld(clock, createActorClock({ ...base, offsetMs: () => storeOffsetMs }));
  trace('the world', 'plan', JSON.stringify(plan));
  const cluster = createCluster({ world, timeline, faults, trace });
  const people = createPeople({ world, cluster, random: random.fork('people') });
  const jumpStore = (ms: number): void => void (storeOffsetMs += ms);
  return { world, timeline, random: random.fork('story'), faults, cluster, people, jumpStore };
}

/** What happens while there is trouble: pushes in bursts, orders, upgrades, clocks that jump. */
function playTrouble({ world, timeline, random, faults, cluster, people, jumpStore }: Stage): void {
  const forge = createForgeSide({ world, cluster, timeline, random: random.fork('forge') });
  const at = (latestMs: number, what: () => void): void => void timeline.after(random.next() * latestMs, null, what);
  cluster.start();
  for (let burst = random.whole(1, 2); burst > 0; burst -= 1) {
    const fromMs = 200 + random.next() * troubleMs * 0.6;
    const pushes = random.whole(1, 3);
    for (let count = 0; count < pushes; count += 1) timeline.after(fromMs + random.next() * 8_000, null, forge.push);
  }
  for (let orders = random.whole(0, 6); orders > 0; orders -= 1) at(troubleMs, people.meddle);
  if (random.chance(0.3)) at(troubleMs, () => cluster.restart(random.find(serviceNames) ?? 'deploy'));
  if (random.chance(0.15)) at(troubleMs, () => void poison(world, random.fork('poison')));
  for (let jumps = faults.plan.jumps; jumps > 0; jumps -= 1) {
    const farMs = random.pick([2_000, 60_000, 3_600_000]) * (random.chance(0.5) ? 1 : -1);
    at(troubleMs, () => (random.chance(0.5) ? cluster.jump(farMs) : jumpStore(farMs / 4)));
  }
}

const watchEveryMs = 1_500;

/** Looks again and again for jobs that sleep in vain; the first ones that it finds are kept. */
function watchWaits({ world, timeline }: Stage): readonly Violation[] {
  const found: Violation[] = [];
  function look(): void {
    if (found.length === 0) found.push(...findSleepers(world.database, world.clock.now()));
    timeline.after(watchEveryMs, null, look);
  }
  timeline.after(watchEveryMs, null, look);
  return found;
}

const lookEveryMs = 20_000;

async function comeToRest({ world, timeline, faults, cluster, people }: Stage): Promise<void> {
  const untilMs = timeline.nowMs() + restMs;
  do {
    people.attend();
    await timeline.run(timeline.nowMs() + lookEveryMs);
  } while ((cluster.isStanding() || !isAtRest(world, faults.plan.partitions)) && timeline.nowMs() < untilMs);
}

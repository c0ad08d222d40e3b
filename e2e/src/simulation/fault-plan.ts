import type { ServiceName } from '@orchestra/contracts';
import type { Random } from './random.ts';

/** The parts of the world whose calls can go wrong in a way of their own. */
export type Area = 'store' | 'bus' | 'world' | 'artifacts';

/** A call by a name at which a process dies, stands still, or gets no answer. */
export interface Aim {
  service: ServiceName;
  call: string;
  /** At the first, the second… such call. */
  nth: number;
  fate: 'crash_before' | 'crash_after' | 'pause' | 'lost';
}

export interface Outage {
  area: Area;
  fromMs: number;
  untilMs: number;
}

/** What goes wrong in one seed: swarm testing, so that each kind of trouble is also seen without the others. */
export interface FaultPlan {
  /** Probabilities for one call. */
  crash: number;
  pause: number;
  fail: number;
  lost: number;
  slow: number;
  /** Probabilities for one record. */
  duplicate: number;
  lateRecord: number;
  /** Of one hint of the store. */
  lostHint: number;
  /** Of one start of a consumer: that it begins further back. */
  rewind: number;
  /** Wall clocks: how far they are off, and how often they jump. */
  skewMs: number;
  jumps: number;
  partitions: number;
  replicas: number;
  /** Longest usual time of one call. */
  latencyMs: number;
  outages: readonly Outage[];
  aims: readonly Aim[];
}

const aimed: readonly [ServiceName, ...ServiceName[]] = [
  'gitops',
  'build',
  'code-analysis',
  'test',
  'iac',
  'deploy',
  'deploy',
  'deploy',
  'observability',
  'rollback',
  'rollback',
  'chatops',
];

const calls: readonly [string, ...string[]] = [
  'store.claim',
  'store.claim',
  'store.finish',
  'store.finishAndHandOver',
  'store.finishAndHandOver',
  'store.park',
  'store.accept',
  'store.acceptAndClaim',
  'store.changeTarget',
  'store.changeTarget',
  'store.note',
  'store.readOutbox',
  'store.acknowledge',
  'store.acknowledge',
  'store.settleDirty',
  'store.settleAndClaimDirty',
  'store.answer',
  'store.retry',
  'store.admit',
  'bus.publish',
  'target.claim',
  'target.ensure',
  'target.share',
  'target.share',
  'target.stop',
  'infrastructure.apply',
  'chat.post',
  'bench.run',
  'registry.build',
  'git.fetch',
];

/** Draws what goes wrong in a seed, within the time in which there is trouble at all. */
export function drawFaultPlan(random: Random, troubleMs: number): FaultPlan {
  const often = (probability: number, most: number): number =>
    random.chance(probability) ? most * random.next() ** 2 : 0;
  return {
    crash: often(0.5, 0.004),
    pause: often(0.4, 0.002),
    fail: often(0.5, 0.03),
    lost: often(0.5, 0.03),
    slow: often(0.6, 0.05),
    duplicate: often(0.6, 0.3),
    lateRecord: often(0.6, 0.2),
    lostHint: often(0.3, 0.5),
    rewind: often(0.6, 1),
    skewMs: often(0.3, 300_000),
    jumps: random.chance(0.25) ? random.whole(1, 4) : 0,
    partitions: random.whole(1, 2),
    replicas: random.chance(0.15) ? 2 : 1,
    latencyMs: random.pick([2, 5, 20, 100]),
    outages: Array.from({ length: random.chance(0.3) ? random.whole(1, 3) : 0 }, () => drawOutage(random, troubleMs)),
    aims: Array.from({ length: random.chance(0.7) ? random.whole(1, 4) : 0 }, () => drawAim(random)),
  };
}

function drawOutage(random: Random, troubleMs: number): Outage {
  const fromMs = random.next() * troubleMs;
  const area = random.pick(['store', 'bus', 'world', 'artifacts']);
  return { area, fromMs, untilMs: fromMs + random.pick([500, 3_000, 15_000, 60_000]) };
}

function drawAim(random: Random): Aim {
  return {
    service: random.pick(aimed),
    call: random.pick(calls),
    nth: 1 + Math.floor(random.next() ** 2 * 6),
    fate: random.pick(['crash_before', 'crash_after', 'crash_after', 'pause', 'lost']),
  };
}

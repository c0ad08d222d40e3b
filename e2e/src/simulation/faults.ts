import type { Actor } from './actor.ts';
import type { Area, FaultPlan } from './fault-plan.ts';
import type { Random } from './random.ts';

/** What becomes of one call. */
export interface Fate {
  kind: 'done' | 'fail' | 'lost' | 'crash_before' | 'crash_after' | 'pause';
  /** Until it arrives, and until its answer is back. */
  thereMs: number;
  backMs: number;
  /** Whether it arrives although its caller died on the way. */
  outlivesCaller: boolean;
}

/** Decides about calls, by seed. */
export interface Faults {
  readonly plan: FaultPlan;
  /** Ends all trouble. */
  heal(): void;
  isHealed(): boolean;
  fate(actor: Actor, call: string, area: Area): Fate;
  /** Milliseconds until the bus gives out a record again; 0: it does. */
  busRestsMs(): number;
  random: Random;
}

interface Surroundings {
  plan: FaultPlan;
  random: Random;
  nowMs(): number;
}

// More deaths than this say nothing new, and only keep a world from its end.
const mostDeaths = 25;

export function createFaults({ plan, random, nowMs }: Surroundings): Faults {
  const counts = new Map<string, number>();
  let healed = false;
  let deaths = 0;
  return {
    plan,
    random,
    heal() {
      healed = true;
    },
    isHealed: () => healed,
    fate(actor, call, area) {
      const kind = healed ? 'done' : decide(actor, call, area);
      if (kind === 'crash_before' || kind === 'crash_after' || kind === 'pause') deaths += 1;
      return { kind, thereMs: latency(), backMs: latency(), outlivesCaller: random.chance(0.5) };
    },
    busRestsMs() {
      const outage = healed ? undefined : findOutage('bus');
      return outage === undefined ? 0 : outage.untilMs - nowMs();
    },
  };

  function decide({ service }: Actor, call: string, area: Area): Fate['kind'] {
    const aimed = findAim(service, call);
    if (aimed !== null) return aimed;
    if (findOutage(area) !== undefined) return random.chance(0.9) ? 'fail' : 'lost';
    const drawn = random.next();
    const { crash, pause, fail, lost } = plan;
    if (drawn < crash) return allowed(random.chance(0.5) ? 'crash_before' : 'crash_after');
    if (drawn < crash + pause) return allowed('pause');
    if (drawn < crash + pause + fail) return 'fail';
    return drawn < crash + pause + fail + lost ? 'lost' : 'done';
  }

  function allowed(kind: 'crash_before' | 'crash_after' | 'pause'): Fate['kind'] {
    return deaths < mostDeaths ? kind : 'done';
  }

  function findAim(service: string, call: string): Fate['kind'] | null {
    const name = `${service} ${call}`;
    if (!plan.aims.some((aim) => aim.service === service && aim.call === call)) return null;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return plan.aims.find((aim) => aim.service === service && aim.call === call && aim.nth === count)?.fate ?? null;
  }

  function findOutage(area: Area) {
    return plan.outages.find((one) => one.area === area && one.fromMs <= nowMs() && nowMs() < one.untilMs);
  }

  function latency(): number {
    if (!healed && plan.slow > 0 && random.chance(plan.slow)) return random.next() ** 3 * 20_000;
    return random.next() * plan.latencyMs;
  }
}

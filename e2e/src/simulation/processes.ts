import type { ServiceName } from '@orchestra/contracts';
import { createApp, type RunningService } from '@orchestra/runtime';
import { silentLog } from '@orchestra/testkit/world';
import { createActor, killActor, type Actor } from './actor.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import type { Network } from './reach.ts';
import type { App } from './send-request.ts';
import { startActor } from './start-actor.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { World } from './world.ts';

/** What a cluster is made of. */
export interface Parts {
  world: World;
  timeline: Timeline;
  faults: Faults;
  trace: Trace;
}

/** A process whose service has started. */
export interface Process {
  actor: Actor;
  running: RunningService;
  app: App;
}

/** All processes that ever were, and the supervisor that starts new ones for those that died. */
export interface Processes {
  readonly actors: readonly Actor[];
  readonly running: ReadonlyMap<Actor, Process>;
  aliveOf(service: ServiceName): Actor[];
  begin(service: ServiceName): void;
  random: Random;
}

// As long as a broker waits for a member; and how many processes a supervisor starts beside one that stands still.
const sessionMs = 10_000;
const mostBeside = 2;

export function createProcesses({ world, timeline, faults, trace }: Parts): Processes {
  const random = faults.random.fork('cluster');
  const actors: Actor[] = [];
  const running = new Map<Actor, Process>();
  const sessions: Network['sessions'] = new Map();
  const network: Network = { timeline, faults, trace, sessions, pause };
  const aliveOf = (service: ServiceName): Actor[] => actors.filter((one) => one.alive && one.service === service);
  return { actors, running, aliveOf, begin, random };

  function begin(service: ServiceName): void {
    const actor = createActor(service, actors.filter((one) => one.service === service).length + 1);
    actor.skewMs = (random.next() - 0.5) * faults.plan.skewMs;
    actors.push(actor);
    actor.onDeath.add(() => bury(actor));
    trace(actor.name, 'starts', '');
    startActor(actor, world, network).then(
      (started) => {
        running.set(actor, { actor, running: started, app: createApp([started.router], silentLog) });
      },
      (error: unknown) => {
        trace(actor.name, 'cannot start', error);
        killActor(actor);
      },
    );
  }

  function bury(actor: Actor): void {
    trace(actor.name, 'is dead', '');
    running.delete(actor);
    sessions.delete(actor);
    world.outside.benches.forget(actor.name);
    world.outside.infrastructure.forget(actor.name);
    timeline.after(500 + random.next() ** 2 * 20_000, null, () => {
      if (aliveOf(actor.service).length < faults.plan.replicas) begin(actor.service);
    });
  }

  function pause(actor: Actor): void {
    const forMs = random.next() ** 2 * 150_000;
    trace(actor.name, 'stands still', `for ${Math.round(forMs)} ms`);
    actor.resumesAtMs = timeline.nowMs() + forMs;
    if (forMs < sessionMs) return;
    timeline.after(sessionMs, null, () => {
      sessions.get(actor)?.expire();
      const hasRoom = aliveOf(actor.service).length < faults.plan.replicas + mostBeside;
      if (hasRoom && random.chance(0.7)) begin(actor.service);
    });
    timeline.after(forMs, actor, () => void sessions.get(actor)?.renew());
  }
}

import { serviceNames, type ServiceName } from '@orchestra/contracts';
import { createApp, type RunningService } from '@orchestra/runtime';
import { silentLog } from '@orchestra/testkit/world';
import { createActor, killActor, type Actor } from './actor.ts';
import type { Faults } from './faults.ts';
import type { Network } from './reach.ts';
import { sendRequest, type App, type HeardResponse, type SentRequest } from './send-request.ts';
import { startActor } from './start-actor.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { World } from './world.ts';

/** The processes of all services, and what keeps them running. */
export interface Cluster {
  start(): void;
  /** Asks a process over HTTP; null: nobody answered. */
  request(service: ServiceName, request: SentRequest): Promise<HeardResponse | null>;
  /** Stops a process as an upgrade does, and starts another one. */
  restart(service: ServiceName): void;
  /** Lets all clocks of processes go wrong by so much more. */
  jump(ms: number): void;
  /** Lets everybody go on who stands still. */
  heal(): void;
  alive(): readonly Actor[];
}

interface Parts {
  world: World;
  timeline: Timeline;
  faults: Faults;
  trace: Trace;
}

interface Process {
  actor: Actor;
  running: RunningService;
  app: App;
}

// A supervisor that gives up sooner leaves a service without a process.
const sessionMs = 10_000;
const answerMs = 10_000;
const mostBeside = 2;

/** Creates the processes of the nine services, none of which runs yet. */
export function createCluster({ world, timeline, faults, trace }: Parts): Cluster {
  const random = faults.random.fork('cluster');
  const actors: Actor[] = [];
  const processes = new Map<Actor, Process>();
  const sessions: Network['sessions'] = new Map();
  const network: Network = { timeline, faults, trace, sessions, pause };
  const aliveOf = (service: ServiceName): Actor[] => actors.filter((one) => one.alive && one.service === service);

  return {
    start() {
      for (const service of serviceNames) {
        for (let count = 0; count < faults.plan.replicas; count += 1) begin(service);
      }
    },
    request,
    restart(service) {
      const actor = random.find(aliveOf(service));
      const process = actor === null ? undefined : processes.get(actor);
      if (process === undefined) return;
      trace(process.actor.name, 'stops', '');
      void process.running.stop().then(
        () => killActor(process.actor),
        () => killActor(process.actor),
      );
    },
    jump(ms) {
      for (const actor of actors) actor.skewMs += ms * random.next();
    },
    heal() {
      for (const actor of actors) actor.resumesAtMs = Math.min(actor.resumesAtMs, timeline.nowMs());
    },
    alive: () => actors.filter((one) => one.alive),
  };

  function begin(service: ServiceName): void {
    const actor = createActor(service, actors.filter((one) => one.service === service).length + 1);
    actor.skewMs = (random.next() - 0.5) * faults.plan.skewMs;
    actors.push(actor);
    actor.onDeath.add(() => bury(actor));
    trace(actor.name, 'starts', '');
    startActor(actor, world, network).then(
      (running) => void processes.set(actor, { actor, running, app: createApp([running.router], silentLog) }),
      (error: unknown) => {
        trace(actor.name, 'cannot start', error);
        killActor(actor);
      },
    );
  }

  function bury(actor: Actor): void {
    trace(actor.name, 'is dead', '');
    processes.delete(actor);
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
      const isAlone = aliveOf(actor.service).length < faults.plan.replicas + mostBeside;
      if (isAlone && random.chance(0.7)) begin(actor.service);
    });
    timeline.after(forMs, actor, () => void sessions.get(actor)?.renew());
  }

  function request(service: ServiceName, sent: SentRequest): Promise<HeardResponse | null> {
    const process = processes.get(random.find(aliveOf(service)) ?? createActor(service, 0));
    return new Promise((resolve) => {
      if (process === undefined) return resolve(null);
      const { actor, app } = process;
      const giveUp = timeline.after(answerMs, null, () => resolve(null));
      timeline.after(random.next() * faults.plan.latencyMs, actor, () => {
        void sendRequest(app, sent).then((heard) => {
          trace(actor.name, `${sent.method} ${sent.url}`, heard);
          if (!actor.alive) return;
          timeline.after(0, actor, () => {
            timeline.cancel(giveUp);
            resolve(heard);
          });
        });
      });
    });
  }
}

import type { Actor } from './actor.ts';
import { createActorClock, createSeededIds } from './actor-clock.ts';
import { makeCall, type Network } from './reach.ts';
import { settings } from './settings.ts';
import { createStarters } from './starters.ts';
import { wrapBus } from './wrap-bus.ts';
import { wrapArtifacts, wrapStore } from './wrap-store.ts';
import type { World } from './world.ts';
import { createMeter, type Backends, type RunningService } from '@orchestra/runtime';
import { silentLog, type Reach } from '@orchestra/testkit/world';

// Counting is no part of the worlds; one set of counters serves all of them.
const meter = createMeter();

/** Starts the process of a service: its real code on ports that can fail. */
export function startActor(actor: Actor, world: World, network: Network): Promise<RunningService> {
  const backends = backendsOf(actor, world, network);
  const reach = reachOf(actor, network);
  const start = createStarters({ world, reach, clock: backends.clock })[actor.service];
  return start({ backends, meter, log: silentLog, owner: actor.name, settings });
}

function backendsOf(actor: Actor, world: World, network: Network): Backends {
  const { timeline, faults } = network;
  const random = faults.random.fork(actor.name);
  return {
    store: wrapStore(world.store, network, actor),
    bus: wrapBus({ bus: world.bus, database: world.database, network, actor }),
    codec: world.codec,
    artifacts: wrapArtifacts(world.artifacts, network, actor),
    logs: world.logs,
    clock: createActorClock({ timeline, random, actor, offsetMs: () => actor.skewMs }),
    ids: createSeededIds(timeline, random),
    notes: [],
  };
}

function reachOf(actor: Actor, network: Network): Reach {
  return {
    by: actor.name,
    call: (name, work, signal) => makeCall(network, actor, { name, area: 'world', signal, work }),
  };
}

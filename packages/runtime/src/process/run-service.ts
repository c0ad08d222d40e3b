import { consumedBy, type ServiceName } from '@orchestra/contracts';
import { Router } from 'express';
import { createDeadLetters } from '../dead-letters/create-dead-letters.ts';
import { createIntake, groupOf } from '../engine/intake.ts';
import type { Engine, Loop } from '../engine/engine.ts';
import { startReaper } from '../engine/reaper.ts';
import { createOutboxHead } from '../engine/outbox-head.ts';
import { startRelay } from '../engine/relay.ts';
import { startRenderer } from '../engine/renderer.ts';
import { startSchedule } from '../engine/scheduler.ts';
import { startWorker, type Worker } from '../engine/worker.ts';
import { defaultSettings, type EngineSettings } from '../engine/settings.ts';
import type { Health } from '../http/health.ts';
import type { Meter } from '../observe/meter.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { EventBus, Subscription } from '../ports/event-bus.ts';
import type { EventCodec } from '../ports/event-codec.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { Hint, RunStore } from '../ports/run-store.ts';
import type { Log, ServiceContext } from '../service/context.ts';
import type { Service } from '../service/definition.ts';
import { startGuard } from './guard.ts';

/** The ports that a service runs on, whichever backends stand behind them. */
export interface Backends {
  store: RunStore;
  bus: EventBus;
  codec: EventCodec;
  artifacts: ArtifactStore;
  logs: LogStore;
  clock: Clock;
  ids: Ids;
  /** What each run has to say about this installation. */
  notes: readonly string[];
}

export interface RunService<S extends ServiceName> {
  service: Service<S>;
  backends: Backends;
  meter: Meter;
  log: Log;
  /** Names this process in leases. */
  owner: string;
  settings?: Partial<EngineSettings>;
}

export interface RunningService {
  name: ServiceName;
  health: Health;
  /** The service's own routes. */
  router: Router;
  /** Resolves when the bus gives records. */
  joined(): Promise<void>;
  /** Rejects when the service cannot go on in this process. */
  crashed: Promise<never>;
  /** Stops intake, drains work and the relay, leaves the group. */
  stop(): Promise<void>;
}

/** Starts one service on its backends: intake, worker, relay, reaper, schedules, renderer and routes. */
export async function runService<S extends ServiceName>(options: RunService<S>): Promise<RunningService> {
  const { service, backends, meter, log, owner } = options;
  const { concurrency = defaultSettings.concurrency } = service;
  const settings = { ...defaultSettings, concurrency, ...options.settings };
  const stopping = new AbortController();
  const guard = startGuard({ service: service.name, backends, meter, log, settings });
  const context = contextOf({ backends, log, stopping: stopping.signal, ready: guard.ready });
  const { store, bus, codec } = backends;
  const engine: Engine<S> = { service, store, bus, codec, context, meter, settings, owner, head: createOutboxHead() };

  const closeOwn = await service.start?.(context);
  const loops = startLoops(engine);
  const unlisten = loops.woken.map(({ hint, loop }) => store.onWake(service.name, hint, loop.wake));
  const subscription = await subscribe(engine, loops.worker);
  guard.watch(subscription);
  const router = Router();
  service.routes?.(router, { ...context, deadLetters: createDeadLetters(backends) });

  return {
    name: service.name,
    health: guard,
    router,
    joined: subscription.joined,
    crashed: subscription.crashed,
    stop,
  };

  async function stop(): Promise<void> {
    stopping.abort();
    await subscription.stop();
    for (const each of unlisten) each();
    // The worker stops before the relay, so that what it finishes last is still published.
    for (const loop of loops.periodic) await loop.stop();
    for (const { loop } of loops.woken) await loop.stop();
    await guard.stop();
    await closeOwn?.();
  }
}

interface Loops {
  /** Those that keep to their periods: hints of the store say nothing about time. */
  periodic: Loop[];
  /** Those that a hint of the store wakes, in the order in which they stop. */
  woken: { hint: Hint; loop: Loop }[];
  worker: Worker;
}

function startLoops<S extends ServiceName>(engine: Engine<S>): Loops {
  const { render, schedules = [] } = engine.service;
  const worker = startWorker(engine);
  return {
    worker,
    periodic: [...schedules.map((schedule) => startSchedule(engine, schedule)), startReaper(engine)],
    woken: [
      { hint: 'jobs', loop: worker },
      ...(render === undefined ? [] : [{ hint: 'runs' as const, loop: startRenderer(engine, render) }]),
      { hint: 'outbox', loop: startRelay(engine) },
    ],
  };
}

function subscribe<S extends ServiceName>(engine: Engine<S>, worker: Worker): Promise<Subscription> {
  const { service, bus, settings } = engine;
  const topics = consumedBy(service.name);
  const onRecord = createIntake(engine, worker);
  return bus.subscribe({ group: groupOf(service.name), topics, onRecord, restMs: settings.restMs });
}

interface ContextParts {
  backends: Backends;
  log: Log;
  stopping: AbortSignal;
  ready: ServiceContext['ready'];
}

function contextOf({ backends, log, stopping, ready }: ContextParts): ServiceContext {
  const { store, artifacts, logs, clock, ids, notes } = backends;
  return { store, artifacts, logs, clock, ids, log, stopping, ready, notes };
}

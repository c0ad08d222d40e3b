import type { ServiceName } from '@orchestra/contracts';
import type { EngineSettings } from '../engine/settings.ts';
import { startLoop } from '../engine/start-loop.ts';
import type { Health } from '../http/health.ts';
import type { Meter } from '../observe/meter.ts';
import type { Subscription } from '../ports/event-bus.ts';
import type { Log } from '../service/context.ts';
import type { Backends } from './run-service.ts';

export interface Guard extends Health {
  /** From now on the subscription is paused whenever the service is not ready. */
  watch(subscription: Subscription): void;
  stop(): Promise<void>;
}

interface Guarded {
  service: ServiceName;
  backends: Backends;
  meter: Meter;
  log: Log;
  settings: EngineSettings;
}

const silentAfterMs = 30_000;
const deadAfterMs = 120_000;

/** Looks after store, queue and bus, and pauses intake while store or queue say no: the topic is the buffer. */
export function startGuard({ service, backends, meter, log, settings }: Guarded): Guard {
  const { store, clock } = backends;
  let subscription: Subscription | null = null;
  let problems: readonly string[] = [];
  const loop = startLoop({ name: 'guard', clock, log, restMs: settings.pollMs, step });
  return { alive, ready, refresh: look, watch, stop: loop.stop };

  async function step(): Promise<number> {
    await look();
    return settings.pollMs;
  }

  async function look(): Promise<void> {
    const found = await findProblems();
    if (found.join() !== problems.join()) log.warn({ problems: found }, 'intake changed');
    problems = found;
    subscription?.pause(problems.length > 0);
  }

  async function findProblems(): Promise<string[]> {
    try {
      if ((await store.identity()) === null) return ['store_not_initialized'];
      const stats = await store.stats(service);
      meter.ready.set({ service }, stats.ready);
      meter.oldestReadySeconds.set({ service }, stats.oldestReadyMs / 1000);
      meter.outbox.set({ service }, stats.outbox);
      meter.oldestOutboxSeconds.set({ service }, stats.oldestOutboxMs / 1000);
      meter.fetchAgeSeconds.set({ service }, (subscription?.fetchAgeMs() ?? 0) / 1000);
      return stats.ready > settings.maxReady ? ['queue_full'] : [];
    } catch (error) {
      log.warn({ err: error }, 'the store does not answer');
      return ['store_unavailable'];
    }
  }

  function ready(): { ready: boolean; problems: readonly string[] } {
    const all = isSilentFor(silentAfterMs) ? [...problems, 'bus_silent'] : problems;
    return { ready: all.length === 0, problems: all };
  }

  function alive(): boolean {
    return !isSilentFor(deadAfterMs);
  }

  // A paused intake asks for nothing: that the bus is silent then says nothing about the bus.
  function isSilentFor(ms: number): boolean {
    return problems.length === 0 && subscription !== null && subscription.fetchAgeMs() > ms;
  }

  function watch(watched: Subscription): void {
    subscription = watched;
  }
}

import type { ServiceName } from '@orchestra/contracts';
import type { Engine, Loop } from './engine.ts';
import { startLoop } from './start-loop.ts';

/** Returns expired leases to the queue; every replica does it. */
export function startReaper<S extends ServiceName>({ service, store, context, meter, settings }: Engine<S>): Loop {
  const { clock, log } = context;
  return startLoop({
    name: 'reaper',
    clock,
    log,
    restMs: settings.reapMs,
    async step() {
      const reaped = await store.reap(service.name, 100);
      if (reaped > 0) {
        meter.reaped.inc({ service: service.name }, reaped);
        log.warn({ reaped }, 'leases expired, jobs go back to the queue');
      }
      return settings.reapMs;
    },
  });
}

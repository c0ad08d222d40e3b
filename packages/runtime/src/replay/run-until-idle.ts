import type { ServiceName } from '@orchestra/contracts';
import { runAttempt } from '../engine/attempt.ts';
import type { Engine } from '../engine/engine.ts';

// A job that always comes back would hold a replay for ever.
const maxAttempts = 100;

/** Works at whatever is due, one job after the other, until the service has nothing to do but wait. */
export async function runUntilIdle<S extends ServiceName>(engine: Engine<S>): Promise<void> {
  const { service, store, settings } = engine;
  const asked = { service: service.name, owner: engine.owner, leaseMs: settings.leaseMs, except: [], maxStalls: 5 };
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const job = await store.claim(asked);
    if (job === null) return;
    await runAttempt(engine, job, new AbortController().signal);
  }
}

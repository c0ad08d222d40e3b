import type { ServiceName } from '@orchestra/contracts';
import type { RunStore } from '../ports/run-store.ts';
import { createCrew, type Offer } from './crew.ts';
import type { Engine, Loop } from './engine.ts';
import { startLoop } from './start-loop.ts';

export interface Worker extends Loop {
  /** Room for whoever can claim a job in a step that is taken anyway. Null: there is none. */
  offer(): Offer | null;
}

/**
 * Claims due jobs and works at several of them at once. `stop` gives running work the drain time, then hands it back.
 *
 * After a claim that found a job it asks for two at once, then for four: a store that waits for its disk at every step
 * answers them together.
 */
export function startWorker<S extends ServiceName>(engine: Engine<S>): Worker {
  const { service, store, context, settings } = engine;
  const { clock, log } = context;
  let wanted = 1;
  let stopped = false;
  // Whether a job may wait for nothing but room; whatever else makes one due comes with a hint.
  let starved = false;
  const crew = createCrew(engine, freed);
  const loop = startLoop({ name: 'worker', clock, log, restMs: settings.restMs, step });
  return {
    wake: loop.wake,
    offer,
    async stop() {
      stopped = true;
      await loop.stop();
      await crew.drain();
    },
  };

  function freed(): void {
    if (starved) loop.wake();
  }

  function offer(): Offer | null {
    if (stopped || crew.room() === 0) return null;
    const { claim, settle } = crew.offer();
    return {
      claim,
      settle(job) {
        settle(job);
        if (job === null) freed();
      },
    };
  }

  async function step(): Promise<number> {
    const count = Math.min(wanted, crew.room());
    starved = count === 0;
    if (count === 0) return settings.pollMs;
    const found = await claimAtOnce(count);
    wanted = found === count ? count * 2 : 1;
    if (found === count) return 0;

    // What is due for a handler that is full waits for its room: asked for it, the store would say "now" all the time.
    const full = crew.full();
    starved = full.length > 0 || crew.room() === 0;
    return Math.min(settings.pollMs, (await store.nextDueMs(service.name, full)) ?? settings.pollMs);
  }

  // What was claimed is worked at, also when the claim beside it failed.
  async function claimAtOnce(count: number): Promise<number> {
    const claims = await Promise.allSettled(Array.from({ length: count }, () => claimOne(store, crew.offer())));
    const failed = claims.find((claim) => claim.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return claims.filter((claim) => claim.status === 'fulfilled' && claim.value).length;
  }
}

async function claimOne(store: RunStore, { claim, settle }: Offer): Promise<boolean> {
  const job = await store.claim(claim).catch((error: unknown) => {
    settle(null);
    throw error;
  });
  settle(job);
  return job !== null;
}

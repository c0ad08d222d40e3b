import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Claim } from '../ports/run-store.ts';
import { runAttempt } from './attempt.ts';
import type { Engine } from './engine.ts';
import { jobOrigin } from './job-origin.ts';
import { createSlots } from './slots.ts';

/** Room for one job that is being claimed. */
export interface Offer {
  claim: Claim;
  /** To be called once: begins the job, or gives the room back. */
  settle(job: ClaimedJob | null): void;
}

/** The jobs that one process works at. */
export interface Crew {
  /** How many jobs may be claimed at once; 0: none. */
  room(): number;
  /** The handlers whose jobs have to wait for room here. */
  full(): string[];
  offer(): Offer;
  /** Gives running work the drain time, then hands it back. */
  drain(): Promise<void>;
}

/** @param onFreed called when a job gave its room back */
export function createCrew<S extends ServiceName>(engine: Engine<S>, onFreed: () => void): Crew {
  const { service, context, settings, owner } = engine;
  const active = new Set<Promise<void>>();
  const slots = createSlots(service, settings.concurrency);
  const handBack = new AbortController();
  return { room: slots.room, full: slots.full, offer, drain };

  function offer(): Offer {
    const { leaseMs, maxStalls } = settings;
    slots.reserve(1);
    return {
      claim: { service: service.name, owner, leaseMs, except: slots.full(), maxStalls },
      settle(job) {
        slots.reserve(-1);
        if (job !== null) begin(job);
      },
    };
  }

  function begin(job: ClaimedJob): void {
    slots.take(job.handler);
    const work = runAttempt(engine, job, handBack.signal)
      .catch((error: unknown) => context.log.error({ err: error, ...jobOrigin(job) }, 'attempt ended without a finish'))
      .finally(() => {
        active.delete(work);
        slots.giveBack(job.handler);
        onFreed();
      });
    active.add(work);
  }

  async function drain(): Promise<void> {
    const over = new AbortController();
    const grace = context.clock.wait(settings.drainMs, over.signal).then(
      () => handBack.abort(),
      () => {},
    );
    await Promise.all(active);
    over.abort();
    await grace;
  }
}

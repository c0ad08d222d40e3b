import type { ServiceName, Wish } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Engine } from './engine.ts';
import { jobOrigin } from './job-origin.ts';

/** Why an attempt was stopped from outside. */
export type Interruption = 'wished' | 'time_limit' | 'lease_lost' | 'stopping';

/** A lease that is renewed until it is let go. */
export interface HeldLease {
  signal: AbortSignal;
  interruption(): Interruption | null;
  wishes(): readonly Wish[];
  letGo(): Promise<void>;
}

interface Hold {
  job: ClaimedJob;
  obeysWishes: boolean;
  stopping: AbortSignal;
}

// One for all leases: an abort without a reason makes an error with a stack each time.
const letGo = new Error('The lease was let go');

/**
 * Renews a lease while its job is worked at, and interrupts the work when it may not go on. The worker fences itself as
 * well: without a renewal for five sixths of the lease it stops, because another worker may soon begin.
 */
export function holdLease<S extends ServiceName>(engine: Engine<S>, { job, obeysWishes, stopping }: Hold): HeldLease {
  const { store, context, settings } = engine;
  const { clock, log } = context;
  const work = new AbortController();
  const released = new AbortController();
  let interruption: Interruption | null = null;
  let wishes = job.wishes;
  let renewedAt = clock.monotonicMs();
  const isOver = (): boolean => released.signal.aborted || interruption === 'lease_lost';

  const handBack = (): void => interrupt('stopping');
  stopping.addEventListener('abort', handBack);
  const renewing = repeatRenewal();
  const limiting = clock.wait(job.maxMs, released.signal).then(
    () => interrupt('time_limit'),
    () => {},
  );

  return {
    signal: work.signal,
    interruption: () => interruption,
    wishes: () => wishes,
    async letGo() {
      stopping.removeEventListener('abort', handBack);
      released.abort(letGo);
      await Promise.all([renewing, limiting]);
    },
  };

  function interrupt(why: Interruption): void {
    interruption ??= why;
    work.abort(new Error(`Interrupted: ${why}`));
  }

  async function repeatRenewal(): Promise<void> {
    while (!isOver()) {
      await clock.wait(settings.renewMs, released.signal).catch(() => {});
      if (!isOver()) await renew();
    }
  }

  async function renew(): Promise<void> {
    try {
      const renewed = await store.renew(job, settings.leaseMs);
      if (renewed.kind === 'lost') return interrupt('lease_lost');
      renewedAt = clock.monotonicMs();
      wishes = renewed.wishes;
      if (wishes.length > 0 && !obeysWishes) interrupt('wished');
    } catch (error) {
      log.warn({ err: error, ...jobOrigin(job) }, 'lease could not be renewed');
      if (clock.monotonicMs() - renewedAt > (settings.leaseMs * 5) / 6) interrupt('lease_lost');
    }
  }
}

import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Engine, Loop } from './engine.ts';
import { runAttempt } from './attempt.ts';
import { jobOrigin } from './job-origin.ts';
import { createSlots } from './slots.ts';
import { startLoop } from './start-loop.ts';

/**
 * Claims due jobs and works at several of them at once. `stop` gives running work the drain time, then hands it back.
 *
 * After a claim that found a job it asks for two at once, then for four: a store that waits for its disk at every step
 * answers them together.
 */
export function startWorker<S extends ServiceName>(engine: Engine<S>): Loop {
  const { service, store, context, settings, owner } = engine;
  const { clock, log } = context;
  const active = new Set<Promise<void>>();
  const slots = createSlots(service, settings.concurrency);
  const handBack = new AbortController();
  let wanted = 1;
  const loop = startLoop({ name: 'worker', clock, log, restMs: settings.restMs, step });
  return { wake: loop.wake, stop };

  async function step(): Promise<number> {
    const count = Math.min(wanted, slots.room());
    if (count === 0) return settings.pollMs;
    const found = await claimAtOnce(count);
    wanted = found === count ? count * 2 : 1;
    if (found === count) return 0;

    return Math.min(settings.pollMs, (await store.nextDueMs(service.name)) ?? settings.pollMs);
  }

  async function claimAtOnce(count: number): Promise<number> {
    const { leaseMs, maxStalls } = settings;
    const asked = { service: service.name, owner, leaseMs, except: slots.full(), maxStalls };
    const claims = await Promise.allSettled(Array.from({ length: count }, () => store.claim(asked)));
    const jobs = claims.flatMap((claim) => (claim.status === 'fulfilled' && claim.value !== null ? [claim.value] : []));
    for (const job of jobs) begin(job);
    // What was claimed is worked at, also when the claim beside it failed.
    const failed = claims.find((claim) => claim.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return jobs.length;
  }

  function begin(job: ClaimedJob): void {
    slots.take(job.handler);
    const work = runAttempt(engine, job, handBack.signal)
      .catch((error: unknown) => log.error({ err: error, ...jobOrigin(job) }, 'attempt ended without a finish'))
      .finally(() => {
        active.delete(work);
        slots.giveBack(job.handler);
        loop.wake();
      });
    active.add(work);
  }

  async function stop(): Promise<void> {
    await loop.stop();
    const over = new AbortController();
    const grace = clock.wait(settings.drainMs, over.signal).then(
      () => handBack.abort(),
      () => {},
    );
    await Promise.all(active);
    over.abort();
    await grace;
  }
}

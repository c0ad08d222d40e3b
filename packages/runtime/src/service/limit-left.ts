import type { ServiceName } from '@orchestra/contracts';
import type { JobContext } from './context.ts';

type Begun<S extends ServiceName> = Pick<JobContext<S>, 'job' | 'run' | 'now'>;

/**
 * What is left of the time that a stage may take. It counts from when the stage began in this generation, over the death
 * of a worker and attempts that are repeated: a restart gives no new time. What a worker handed back at its own stop does
 * not count.
 *
 * @param limitMs how long the stage may take, in milliseconds
 * @returns milliseconds, at least 1
 */
export function limitLeftMs<S extends ServiceName>({ job, run, now }: Begun<S>, limitMs: number): number {
  // The first attempt needs no look at the store's clock, which may differ from this one.
  if (job.unit === null || (job.stalls === 0 && job.attempt <= 1)) return limitMs;
  const state = run.units[job.unit];
  if (state?.generation !== job.generation || state.startedAt === null) return limitMs;
  const spentMs = Math.max(0, now.getTime() - Date.parse(state.startedAt));
  return Math.max(1, limitMs - spentMs);
}

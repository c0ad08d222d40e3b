export interface Backoff {
  /** Attempts made so far, from 1. */
  attempt: number;
  /** Ratio 0 (included) to 1 (excluded), drawn by the caller. */
  chance: number;
  baseMs: number;
  capMs: number;
}

/**
 * Waiting time before the next attempt, with full jitter: jobs that failed together do not come back together.
 *
 * @returns milliseconds, 0 to `capMs`; rounded down
 * @see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015
 */
export function retryDelayMs({ attempt, chance, baseMs, capMs }: Backoff): number {
  return Math.floor(chance * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)));
}

import type { Clock } from '@orchestra/runtime';

/**
 * The time of the store, milliseconds since 1970. It follows the wall clock, but never goes back: then it goes on at the
 * pace of the monotonic clock, so that what was due stays due and a lease lasts as long as it was given.
 */
export function createStoreTime(clock: Clock): () => number {
  let last = read(clock);
  let aheadMs = 0;
  return () => {
    const { wallMs, monotonicMs } = read(clock);
    if (wallMs < last.wallMs) aheadMs += last.wallMs - wallMs + (monotonicMs - last.monotonicMs);
    last = { wallMs, monotonicMs };
    return Math.floor(wallMs + aheadMs);
  };
}

function read(clock: Clock): { wallMs: number; monotonicMs: number } {
  return { wallMs: clock.now().getTime(), monotonicMs: clock.monotonicMs() };
}

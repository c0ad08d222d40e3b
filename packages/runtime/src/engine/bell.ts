import type { Clock } from '../ports/clock.ts';

/** Wakes a loop. A ring while nobody waits is kept for the next wait, so that no wake-up is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at a ring, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

// One for all waits: an abort without a reason makes an error with a stack each time.
const ended = new Error('The wait is over');

export function createBell(clock: Clock): Bell {
  let rung = false;
  let release: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      release?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        const over = new AbortController();
        const end = (): void => over.abort(ended);
        signal.addEventListener('abort', end, { once: true });
        release = end;
        await clock.wait(ms, over.signal).catch(() => {});
        signal.removeEventListener('abort', end);
        release = null;
      }
      rung = false;
    },
  };
}

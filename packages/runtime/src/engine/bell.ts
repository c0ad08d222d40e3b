import type { Clock } from '../ports/clock.ts';

/** Wakes a loop. A ring while nobody waits is kept for the next wait, so that no wake-up is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at a ring, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

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
        const ringing = new Promise<void>((resolve) => {
          release = resolve;
        });
        const timeout = clock.wait(ms, AbortSignal.any([signal, over.signal])).catch(() => {});
        await Promise.race([ringing, timeout]);
        over.abort();
        release = null;
      }
      rung = false;
    },
  };
}

import type { Clock } from '../ports/clock.ts';

/** Wakes a loop. A ring while nobody waits is kept for the next wait, so that no wake-up is lost. */
export interface Bell {
  ring(): void;
  /** Resolves at a ring, or after `ms`. */
  wait(ms: number): Promise<void>;
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
    async wait(ms) {
      if (!rung) {
        const over = new AbortController();
        release = () => over.abort(ended);
        await clock.wait(ms, over.signal).catch(() => {});
        release = null;
      }
      rung = false;
    },
  };
}

import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Ids } from './ports/clock.ts';

// The longest time that a timer of Node can wait.
const longestTimerMs = 2_147_483_647;

/** Creates the clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    wait: async (ms, signal) => {
      // Node's own AbortError would hide why the wait ended.
      const until = performance.now() + ms;
      do {
        signal?.throwIfAborted();
        await sleep(Math.min(Math.max(0, until - performance.now()), longestTimerMs), undefined, { signal }).catch(
          (error: unknown) => {
            throw signal?.aborted ? signal.reason : error;
          },
        );
      } while (performance.now() < until);
    },
  };
}

/** Creates identity and chance of this process: UUIDv7, which sorts by time, and an even spread. */
export function createSystemIds(): Ids {
  return { next: () => randomUUIDv7(), chance: () => Math.random() };
}

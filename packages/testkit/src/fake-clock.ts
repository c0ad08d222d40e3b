import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@orchestra/runtime';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Moves time on and ends the waits that are over by then, in the order of their times. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock off by `ms`, which may be negative; waits and `monotonicMs` do not notice. */
  jump(ms: number): void;
  /** How many waits are open. */
  waiting(): number;
}

interface Waiter {
  dueMs: number;
  resolve: () => void;
}

/** Creates a clock that begins at `start`. */
export function createFakeClock(start: Date = new Date('2030-01-01T00:00:00.000Z')): FakeClock {
  const waiters = new Set<Waiter>();
  let elapsedMs = 0;
  let wallMs = start.getTime();

  async function goTo(targetMs: number): Promise<void> {
    const first = [...waiters].filter(({ dueMs }) => dueMs <= targetMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
    const stopMs = Math.max(elapsedMs, first?.dueMs ?? targetMs);
    wallMs += stopMs - elapsedMs;
    elapsedMs = stopMs;
    if (first) {
      waiters.delete(first);
      first.resolve();
    }
    // What was released may wait again, inside of the time that is still to pass.
    await nextTurn();
    if (first) await goTo(targetMs);
  }

  return {
    now: () => new Date(wallMs),
    monotonicMs: () => elapsedMs,
    wait: (ms, signal) => waitFor({ waiters, dueMs: elapsedMs + ms, signal }),
    advance: (ms) => goTo(elapsedMs + ms),
    jump(ms) {
      wallMs += ms;
    },
    waiting: () => waiters.size,
  };
}

interface Wait {
  waiters: Set<Waiter>;
  dueMs: number;
  signal: AbortSignal | undefined;
}

async function waitFor({ waiters, dueMs, signal }: Wait): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const waiter = { dueMs, resolve };
  function abort(): void {
    waiters.delete(waiter);
    reject(signal?.reason);
  }
  waiters.add(waiter);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

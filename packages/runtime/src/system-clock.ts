import { randomUUIDv7 } from 'node:crypto';
import type { Clock, Ids } from './ports/clock.ts';

// The longest time that a timer of Node can wait.
const longestTimerMs = 2_147_483_647;

/** Creates the clock of this machine. */
export function createSystemClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    wait,
  };
}

// By hand: Node's own waiting makes an error with a stack whenever it is cut short, and each job cuts some short.
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const until = performance.now() + ms;
  const arm = (): NodeJS.Timeout => setTimeout(ring, Math.min(Math.max(0, until - performance.now()), longestTimerMs));
  const end = (): void => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  let timer = arm();
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end, { once: true });
  return promise;

  function ring(): void {
    if (performance.now() < until) {
      timer = arm();
      return;
    }
    signal?.removeEventListener('abort', end);
    resolve();
  }
}

/** Creates identity and chance of this process: UUIDv7, which sorts by time, and an even spread. */
export function createSystemIds(): Ids {
  return { next: () => randomUUIDv7(), chance: () => Math.random() };
}

import { setTimeout as delay } from 'node:timers/promises';

const defaultPauseMs = 20;
const defaultTimeoutMs = 20_000;

/** What a test waits for. */
export interface Eventually<T> {
  /** Looks at the world. Called until `until` says yes. */
  see(): T | Promise<T>;
  until(seen: T): boolean;
  timeoutMs?: number;
  /** Between two looks; longer for what costs the machine something to answer. Default 20. */
  pauseMs?: number;
}

/**
 * Waits for a condition instead of sleeping, looking every `pauseMs`.
 *
 * @returns what was seen when the condition held
 * @throws Error after `timeoutMs` (20 s), with what was seen last
 */
export async function eventually<T>(what: Eventually<T>): Promise<T> {
  const { see, until, timeoutMs = defaultTimeoutMs, pauseMs = defaultPauseMs } = what;
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await see();
    if (until(seen)) return seen;
    if (performance.now() > endsAt) throw new Error(`waited ${timeoutMs / 1000} s; last seen: ${JSON.stringify(seen)}`);
    await delay(pauseMs);
  }
}

import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 20;
const defaultTimeoutMs = 20_000;

/** What a test waits for. */
export interface Eventually<T> {
  /** Looks at the world. Called until `until` says yes. */
  see(): T | Promise<T>;
  until(seen: T): boolean;
  timeoutMs?: number;
}

/**
 * Waits for a condition instead of sleeping, looking every 20 ms.
 *
 * @returns what was seen when the condition held
 * @throws Error after `timeoutMs` (20 s), with what was seen last
 */
export async function eventually<T>({ see, until, timeoutMs = defaultTimeoutMs }: Eventually<T>): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await see();
    if (until(seen)) return seen;
    if (performance.now() > endsAt) throw new Error(`waited ${timeoutMs / 1000} s; last seen: ${JSON.stringify(seen)}`);
    await delay(pauseMs);
  }
}

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  timeoutMs?: number;
  /** From one look to the next. A look that asks who is being measured is to be a rare one. */
  everyMs?: number;
}

/**
 * Looks every 20 ms, or as told, until something is so. No time that is measured is taken here.
 *
 * @throws Error after a minute, or as told
 */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  { timeoutMs = 60_000, everyMs = 20 }: Patience = {},
): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > endsAt) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await delay(everyMs);
  }
}

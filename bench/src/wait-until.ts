import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 20;

/**
 * Looks every 20 ms until something is so. Nothing that is measured passes through here.
 *
 * @throws Error after `timeoutMs`
 */
export async function waitUntil(what: string, check: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > endsAt) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await delay(pauseMs);
  }
}

import { OrchestraError } from '@orchestra/contracts';
import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 50;

/** What is waited for, how long, and what is said when it does not come. */
export interface Waiting {
  check: () => Promise<boolean>;
  timeoutMs: number;
  /** Called once when the time is over; becomes the end of the message. */
  lastSeen: () => string;
}

/**
 * Waits until `check` answers true, looking every 50 ms.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` after `timeoutMs`; what `check` throws goes through
 */
export async function waitFor({ check, timeoutMs, lastSeen }: Waiting): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  while (performance.now() < endsAt) {
    if (await check()) return;
    await delay(pauseMs);
  }
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `waited ${timeoutMs / 1000} s; last seen: ${lastSeen()}`);
}

import { setTimeout as wait } from 'node:timers/promises';
import { deniedBy } from '../read-refusal.ts';
import type { Acting } from '../share-traffic.ts';
import { findTrouble, isServed } from './judge-route.ts';
import { findRoute, type FoundRoute } from './read-route.ts';

const pollMs = 200;

/** Waits until a gateway has taken up what was written, or says why not, or the time is over; answers what stands there. */
export async function awaitTaken(
  { apis, names, signal }: Acting,
  written: FoundRoute,
  limitMs: number,
): Promise<FoundRoute> {
  const until = performance.now() + limitMs;
  for (;;) {
    const now = (await findAllowed(apis, names, written.name)) ?? written;
    const isSeen = isServed(now, written.generation) || findTrouble(now, written.generation) !== null;
    if (isSeen || performance.now() >= until) return now;
    await wait(pollMs, null, signal === undefined ? {} : { signal });
  }
}

async function findAllowed(...asked: Parameters<typeof findRoute>): Promise<FoundRoute | null> {
  try {
    return await findRoute(...asked);
  } catch (error) {
    throw deniedBy(error);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { judgeCrash } from './crash-causes.ts';
import type { GroupMember } from './group-member.ts';
import type { KafkaSettings } from './settings.ts';

/** Restarts in a row that led to no fetch, after errors of which nobody knows whether they pass. */
const mostDoubtfulRestarts = 10;

interface KeepMember {
  first: GroupMember;
  /** Starts the next one. */
  start(): Promise<GroupMember>;
  settings: Pick<KafkaSettings, 'firstRetryMs' | 'longestRetryMs'>;
  /** How many fetches were answered since this was asked last. */
  takeFetches(): number;
  /** No restart mends this. */
  onHopeless(cause: unknown): void;
}

/**
 * Follows each consumer that ended with a new one, after a pause that grows until one fetches again. Ends by itself when
 * no restart mends the error.
 *
 * @returns what stops the consumer that is there
 */
export function keepMember({ first, start, settings, takeFetches, onHopeless }: KeepMember): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const asked = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  let member = first;
  const kept = keep();

  return async () => {
    stopping.abort();
    await kept;
    await member.stop();
  };

  async function keep(): Promise<void> {
    let restarts = 0;
    while (!signal.aborted) {
      const cause = await Promise.race([member.ended, asked]);
      if (signal.aborted) return;

      restarts = takeFetches() > 0 ? 1 : restarts + 1;
      if (isHopeless(cause, restarts)) return onHopeless(cause);

      await member.stop().catch(() => undefined);
      await pauseBefore(restarts);
      if (!signal.aborted) member = await startOrEnded();
    }
  }

  // One that could not even connect has ended like any other.
  async function startOrEnded(): Promise<GroupMember> {
    try {
      return await start();
    } catch (error) {
      return { ended: Promise.resolve(error), stop: async () => {} };
    }
  }

  async function pauseBefore(restart: number): Promise<void> {
    const ms = Math.min(settings.longestRetryMs, settings.firstRetryMs * 2 ** (restart - 1));
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}

function isHopeless(cause: unknown, restarts: number): boolean {
  const prospect = judgeCrash(cause);
  return prospect === 'give_up' || (prospect === 'doubt' && restarts > mostDoubtfulRestarts);
}

import { setTimeout as pause } from 'node:timers/promises';
import type { RunState } from '@orchestra/contracts';
import type { ServiceContext } from '@orchestra/runtime';
import { createChangeLog, type Change } from './change-log.ts';

/** The newest revisions of runs as they come, for any number of readers. Looks at the store only while somebody reads. */
export interface RunFeed {
  /**
   * Gives a reader what it has not seen, and then every change, until `signal` aborts.
   *
   * @param lastId the last id it has, or null; one of another process or too long ago counts as none
   */
  follow(lastId: string | null, send: (id: string, run: RunState) => void, signal: AbortSignal): Promise<void>;
}

type Listener = (change: Change) => void;

const watched = 100;
const lookEveryMs = 1000;
const settleMs = 50;

/** Makes the feed of one process. Ids are `<feed>-<position>`, so that a reader can resume at the same process. */
export function createRunFeed({ store, ids, log, stopping }: ServiceContext): RunFeed {
  const feedId = ids.next();
  const seen = createChangeLog();
  const listeners = new Set<Listener>();
  const look = coalesce(async () => {
    try {
      const runs = await store.listRuns({ repository: null, limit: watched, before: null });
      seen.take(runs).forEach(tellAll);
    } catch (error) {
      log.warn({ err: error }, 'the feed of runs could not look');
    }
  });
  const unlisten = store.onWake('chatops', 'runs', () => {
    if (listeners.size > 0) void look();
  });
  stopping.addEventListener('abort', unlisten, { once: true });

  return {
    async follow(lastId, send, signal) {
      await look();
      for (const { position, run } of (await missed(lastId)) ?? []) send(`${feedId}-${position}`, run);
      const listener: Listener = ({ position, run }) => send(`${feedId}-${position}`, run);
      listeners.add(listener);
      try {
        await lookUntil(AbortSignal.any([signal, stopping]));
      } finally {
        listeners.delete(listener);
      }
    },
  };

  async function missed(lastId: string | null): Promise<readonly Change[]> {
    const changes = lastId?.startsWith(`${feedId}-`) ? seen.since(Number(lastId.slice(feedId.length + 1))) : null;
    if (changes !== null) return changes;
    // The position is taken first: what changes meanwhile is then sent twice rather than never.
    const position = seen.position();
    const runs = await store.listRuns({ repository: null, limit: watched, before: null });
    return runs.toReversed().map((run) => ({ position, run }));
  }

  function tellAll(change: Change): void {
    for (const listener of listeners) listener(change);
  }

  // A wake is only a hint, so the store is looked at once a second as well.
  async function lookUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(lookEveryMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await look();
    }
  }
}

// Many calls at once are one run of the work; a call during a run is one more.
function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let asked = false;
  const runWhileAsked = async (): Promise<void> => {
    while (asked) {
      await pause(settleMs);
      asked = false;
      await work();
    }
  };
  return async () => {
    asked = true;
    running ??= runWhileAsked().finally(() => {
      running = null;
    });
    await running;
  };
}

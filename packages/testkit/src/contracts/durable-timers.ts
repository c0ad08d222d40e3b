import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob, RunStore } from '@orchestra/runtime';
import {
  aFinish,
  aGate,
  aJob,
  anAcceptance,
  anInput,
  aPark,
  hour,
  leaseMs,
  mustClaim,
  planRun,
} from './run-store-runs/given.ts';

/** A store whose process can end and begin again on the same data. */
export interface RestartableStore {
  store: RunStore;
  /** Closes the store as the end of its process does, and opens what is there. */
  restart(): Promise<void>;
  /** Moves the store's clock on. */
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

interface Timer {
  what: string;
  service: ServiceName;
  /** Sets it for `afterMs` from now. */
  set(store: RunStore, runId: string): Promise<void>;
  afterMs: number;
  /** What the job says that it wakes. */
  wakes: Partial<ClaimedJob> | Record<string, unknown>;
}

const answerKey = 'approval';

const timers: readonly Timer[] = [
  {
    what: 'the deadline of a gate',
    service: 'iac',
    set: async (store, runId) => {
      await store.accept(
        anAcceptance(runId, { service: 'iac', arm: [aGate(runId)], input: anInput('test'), eventId: randomUUID() }),
      );
    },
    afterMs: hour,
    wakes: {
      handler: 'gate',
      gate: { state: 'timed_out', missing: ['code_analysis/source', 'code_analysis/artifact'] },
    },
  },
  {
    what: 'the deadline of a run',
    service: 'gitops',
    set: async (store, runId) => {
      const deadline = { service: 'gitops', unit: null, handler: 'deadline', bound: false } as const;
      await store.enqueue(aJob(runId, { ...deadline, delayMs: hour }));
    },
    afterMs: hour,
    wakes: { handler: 'deadline' },
  },
  {
    what: 'the limit of a step',
    service: 'deploy',
    set: async (store, runId) => park(store, runId, { reason: 'health', delayMs: hour, memo: '"step 1"' }),
    afterMs: hour,
    wakes: { parks: 1, memo: '"step 1"' },
  },
  {
    what: 'the expiry of an approval',
    service: 'deploy',
    set: async (store, runId) => park(store, runId, { reason: 'approval', delayMs: hour, answerKey }),
    afterMs: hour,
    wakes: { parks: 1, memo: null },
  },
  {
    what: 'the lease of a worker that died, with the limit of its stage',
    service: 'build',
    set: async (store, runId) => {
      await store.enqueue(aJob(runId, { maxMs: 1234 }));
      await mustClaim(store, 'build');
    },
    afterMs: leaseMs,
    wakes: { stalls: 1, maxMs: 1234 },
  },
];

/**
 * Everything that waits for a time outlives the process that waits for it, and happens once: when nobody was there at
 * that time, then as soon as somebody is.
 *
 * @param create called before each test; gives an empty store without an identity marker
 */
export function testDurableTimers(name: string, create: () => Promise<RestartableStore>): void {
  describe(`${name}, closed and opened again`, () => {
    let under: RestartableStore;
    let runId: string;
    beforeEach(async () => {
      under = await create();
      await under.store.initialize('a test');
      runId = await planRun(under.store, ['iac/staging', 'deploy/staging/web', 'build']);
    });
    afterEach(() => under.close());

    it.each(timers)('keeps $what, and lets it pass once', async ({ service, set, afterMs, wakes }) => {
      await set(under.store, runId);
      await under.restart();
      await under.advance(afterMs - 1000);

      expect(await claimMany(under.store, service)).toEqual([]);

      await under.restart();
      await under.advance(2000);
      await under.restart();
      const claimed = await claimMany(under.store, service);

      expect(claimed).toMatchObject([wakes]);

      for (const job of claimed) await under.store.finish(job, aFinish({ status: null }));
      await under.restart();
      await under.advance(afterMs);

      expect(await claimMany(under.store, service)).toEqual([]);
    });

    it('lets an answer that comes first take the place of its expiry', async () => {
      await park(under.store, runId, { reason: 'approval', delayMs: hour, answerKey });
      await under.restart();
      await under.store.answer(runId, answerKey, '"yes"');

      const [job] = await claimMany(under.store, 'deploy');
      if (job !== undefined) await under.store.finish(job, aFinish({ status: null }));
      await under.restart();
      await under.advance(2 * hour);

      expect(job).toMatchObject({ memo: '"yes"' });
      expect(await claimMany(under.store, 'deploy')).toEqual([]);
    });

    it('keeps an answer that comes after the expiry from waking anybody', async () => {
      await park(under.store, runId, { reason: 'approval', delayMs: hour, answerKey });
      await under.advance(hour + 1000);
      await under.restart();
      for (const job of await claimMany(under.store, 'deploy'))
        await under.store.finish(job, aFinish({ status: null }));

      await under.store.answer(runId, answerKey, '"yes"');

      expect(await claimMany(under.store, 'deploy')).toEqual([]);
    });
  });
}

async function park(store: RunStore, runId: string, change: Parameters<typeof aPark>[0]): Promise<void> {
  await store.enqueue(aJob(runId, { service: 'deploy', unit: 'deploy/staging/web' }));
  await store.park(await mustClaim(store, 'deploy'), aPark(change));
}

/** What five workers get that ask at once, after the dead ones were reaped. */
async function claimMany(store: RunStore, service: ServiceName): Promise<ClaimedJob[]> {
  await store.reap(service, 100);
  const claim = { service, owner: 'a worker', leaseMs, except: [], maxStalls: 5 };
  const claims = await Promise.all(Array.from({ length: 5 }, async () => store.claim(claim)));
  return claims.filter((job) => job !== null);
}

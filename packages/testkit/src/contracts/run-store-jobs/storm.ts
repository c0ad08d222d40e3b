import { describe, expect, it } from '@jest/globals';
import type { ClaimedJob } from '@orchestra/runtime';
import fc from 'fast-check';
import { aClaim, aFinish, aJob, aPark, aRecord, minute, type RunStoreUnderTest, type Under } from './given.ts';

const fates = ['finish', 'finish', 'die', 'release', 'retry', 'park', 'finish_twice', 'finish_late'] as const;
type Fate = (typeof fates)[number];

/** Workers that die, come late and repeat themselves, in any order: every job still ends once. */
export function testStorm(under: Under): void {
  describe('workers in a storm', () => {
    it('lose no job, and finish none twice', async () => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.constantFrom(...fates), { minLength: 20, maxLength: 40 }), async (storm) => {
          round += 1;
          const ids = Array.from({ length: 6 }, (_none, index) => `round-${round}-job-${index}`);
          await Promise.all(ids.map(async (jobId) => under().store.enqueue(aJob({ jobId }))));

          await work(under(), storm);

          expect(await published(under())).toEqual(ids);
        }),
        { numRuns: 10 },
      );
    });
  });
}

// Three workers side by side; when no job is due, time passes and the reaper comes. After the storm the weather is fine.
async function work(given: RunStoreUnderTest, storm: readonly Fate[]): Promise<void> {
  const late: ClaimedJob[] = [];
  const rest = [...storm];
  for (;;) {
    const jobs = await Promise.all([1, 2, 3].map(async (worker) => given.store.claim(aClaim({ owner: `w${worker}` }))));
    const busy = jobs.filter((job) => job !== null);
    await Promise.all(busy.map(async (job) => suffer(given, { job, fate: rest.shift() ?? 'finish', late })));
    if (busy.length > 0) continue;

    await given.advance(2 * minute);
    const reaped = await given.store.reap('build', 10);
    for (const job of late.splice(0)) expect(await end(given, job)).toBe('fenced');
    const { ready, parked } = await given.store.stats('build');
    if (reaped + ready + parked === 0) return;
  }
}

interface Blow {
  job: ClaimedJob;
  fate: Fate;
  /** Leases whose holders come back when they are given up. */
  late: ClaimedJob[];
}

async function suffer(given: RunStoreUnderTest, { job, fate, late }: Blow): Promise<void> {
  const { store } = given;
  if (fate === 'finish_late') late.push(job);
  if (fate === 'release') await store.release(job);
  if (fate === 'retry') await store.retryLater(job, minute, 'trouble');
  if (fate === 'park') await store.park(job, aPark({ delayMs: minute }));
  if (fate === 'finish' || fate === 'finish_twice') expect(await end(given, job)).toBe('finished');
  if (fate === 'finish_twice') expect(await end(given, job)).toBe('fenced');
}

async function end({ store }: RunStoreUnderTest, job: ClaimedJob): Promise<string> {
  return store.finish(job, aFinish({ outbox: [aRecord({ id: job.jobId })] }));
}

async function published({ store }: RunStoreUnderTest): Promise<string[]> {
  const found = await store.readOutbox('build', 1000);
  await store.acknowledge(
    'build',
    found.map(({ position }) => position),
  );
  return found.map(({ record }) => record.id).toSorted();
}

import { describe, expect, it } from '@jest/globals';
import type { Lease, RunStore } from '@orchestra/runtime';
import { aChange, aFinish, aJob, anAdmission, anEntry, aPark, aRecord, claimed, givenBuilding } from './given.ts';
import { minute, observe, run, type RunStoreUnderTest, type Under } from './given.ts';

/** Every step that needs a lease, from every state in which the lease is not the job's: refused, and nothing is written. */
export function testFencing(under: Under): void {
  describe.each(Object.entries(states))('a lease on a job that is %s', (_state, given) => {
    it.each(Object.entries(steps))('is refused by %s, and nothing is written', async (_step, [take, refusal]) => {
      const { store } = under();
      const lease = await given(under());
      const before = await observe(store);

      const reply = await take(store, lease);

      expect(reply).toEqual(refusal);
      expect(await observe(store)).toEqual(before);
    });
  });
}

type Given = (under: RunStoreUnderTest) => Promise<Lease>;
type Step = readonly [take: (store: RunStore, lease: Lease) => Promise<unknown>, refusal: unknown];

const states: Readonly<Record<string, Given>> = {
  unknown: async () => ({ jobId: 'nowhere', service: 'build', token: 1 }),

  'queued and was never claimed': async ({ store }) => {
    await store.admit(anAdmission());
    await store.enqueue(aJob({ runId: run, unit: 'build' }));
    return { jobId: 'job-1', service: 'build', token: 1 };
  },

  'delayed and was never claimed': async ({ store }) => {
    await store.admit(anAdmission());
    await store.enqueue(aJob({ runId: run, unit: 'build', delayMs: minute }));
    return { jobId: 'job-1', service: 'build', token: 0 };
  },

  'queued again': async ({ store }) => {
    const job = await givenBuilding(store);
    await store.retryLater(job, minute, 'later');
    return job;
  },

  released: async ({ store }) => {
    const job = await givenBuilding(store);
    await store.release(job);
    return job;
  },

  reaped: async ({ store, advance }) => {
    const job = await givenBuilding(store);
    await advance(2 * minute);
    await store.reap('build', 1);
    return job;
  },

  'in other hands': async ({ store }) => {
    const job = await givenBuilding(store);
    await store.release(job);
    await claimed(store);
    return job;
  },

  parked: async ({ store }) => {
    const job = await givenBuilding(store);
    await store.park(job, aPark({ answerKey: 'key', memo: '1' }));
    return job;
  },

  'parked until a time': async ({ store }) => {
    const job = await givenBuilding(store);
    await store.park(job, aPark({ delayMs: minute }));
    return job;
  },

  done: async ({ store }) => {
    const job = await givenBuilding(store);
    await store.finish(job, aFinish({ status: 'success' }));
    return job;
  },

  'running under a token from the future': async ({ store }) => {
    const job = await givenBuilding(store);
    return { ...job, token: job.token + 1 };
  },

  'of another service': async ({ store }) => ({ ...(await givenBuilding(store)), service: 'test' }),
};

const steps: Readonly<Record<string, Step>> = {
  renew: [async (store, lease) => store.renew(lease, minute), { kind: 'lost' }],
  release: [async (store, lease) => store.release(lease), 'fenced'],
  retryLater: [async (store, lease) => store.retryLater(lease, 0, 'error'), 'fenced'],
  note: [async (store, lease) => store.note(lease, { a: '1', b: null }, [anEntry()]), 'fenced'],
  changeTarget: [async (store, lease) => store.changeTarget(lease, aChange()), 'fenced'],
  park: [async (store, lease) => store.park(lease, aPark({ slice: { a: '1' }, target: aChange() })), 'fenced'],
  finish: [
    async (store, lease) => {
      const jobs = [aJob({ jobId: 'next', runId: run, service: lease.service })];
      const wish = { wish: 'halted', reason: 'x' } as const;
      const written = { status: 'success', slice: { a: '1' }, outbox: [aRecord()], history: [anEntry()] } as const;
      return store.finish(lease, aFinish({ ...written, jobs, wish, notes: ['x'], target: aChange() }));
    },
    'fenced',
  ],
};

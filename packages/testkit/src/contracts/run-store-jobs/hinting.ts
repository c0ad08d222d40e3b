import { describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@orchestra/contracts';
import type { Hint } from '@orchestra/runtime';
import { eventually } from '../../eventually.ts';
import { aFinish, aJob, anAdmission, aPark, aRecord, claimed, minute, run, type Under } from './given.ts';
import type { RunStoreUnderTest } from './given.ts';

/** `onWake`: hints that spare the workers from polling. */
export function testHinting(under: Under): void {
  describe('onWake', () => {
    it.each([
      ['a job is created', 'build', 'jobs', async ({ store }) => store.enqueue(aJob())],
      ['a job is delayed', 'build', 'jobs', async ({ store }) => store.enqueue(aJob({ delayMs: minute }))],
      ['a record is stored', 'gitops', 'outbox', async ({ store }) => finishFirst(store)],
      ['a run changes', 'chatops', 'runs', async ({ store }) => store.admit(anAdmission())],
      ['a sleeper is woken', 'build', 'jobs', wakeSleeper],
    ] satisfies [string, ServiceName, Hint, (under: RunStoreUnderTest) => Promise<unknown>][])(
      'is told when %s',
      async (_what, service, hint, change) => {
        let heard = 0;
        under().store.onWake(service, hint, () => {
          heard += 1;
        });
        await untilHeard(under(), service);
        heard = 0;

        await change(under());

        expect(await eventually({ see: () => heard, until: (times) => times > 0 })).toBeGreaterThan(0);
      },
    );

    it('tells nobody who left', async () => {
      const { store } = under();
      let left = 0;
      let stayed = 0;
      const leave = store.onWake('build', 'jobs', () => {
        left += 1;
      });
      store.onWake('build', 'jobs', () => {
        stayed += 1;
      });
      await untilHeard(under(), 'build');
      leave();
      left = 0;
      stayed = 0;

      await store.enqueue(aJob());

      await eventually({ see: () => stayed, until: (times) => times > 0 });
      expect(left).toBe(0);
    });
  });
}

/** A listener over a network hears from some moment on: hints are repeated until the first one came through. */
export async function untilHeard({ store }: RunStoreUnderTest, service: ServiceName): Promise<void> {
  let heard = false;
  const leave = store.onWake(service, 'jobs', () => {
    heard = true;
  });
  let round = 0;
  await eventually({
    see: async () => {
      round += 1;
      await store.enqueue(aJob({ jobId: `probe-${round}`, service, handler: 'probe', delayMs: 1000 * minute }));
      return heard;
    },
    until: (came) => came,
  });
  leave();
}

async function finishFirst(store: RunStoreUnderTest['store']): Promise<void> {
  await store.enqueue(aJob({ service: 'gitops' }));
  await store.finish(await claimed(store, 'gitops'), aFinish({ outbox: [aRecord()] }));
}

async function wakeSleeper({ store }: RunStoreUnderTest): Promise<void> {
  await store.admit(anAdmission());
  await store.enqueue(aJob({ runId: run, unit: 'build' }));
  await store.park(await claimed(store), aPark());
  await store.setWish({ runId: run, wish: 'cancel', generation: null, units: null, reason: 'x', actor: null });
}

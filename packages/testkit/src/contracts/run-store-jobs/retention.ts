import { describe, expect, it } from '@jest/globals';
import { aChange, aFinish, aJob, anAdmission, anEntry, claimed, minute, run } from './given.ts';
import type { RunStoreUnderTest, Under } from './given.ts';

const day = 24 * 60 * minute;

/** What the store forgets, 14 days after its end, and what it must not forget. */
export function testRetention(under: Under): void {
  describe('14 days after its end', () => {
    it('a run is gone with its jobs, history and answers', async () => {
      const { store } = under();
      await givenEnded(under());
      await pass(under(), 13 * day);
      expect(await store.readRun(run)).not.toBeNull();
      expect(await store.readHistory(run)).toHaveLength(1);

      await pass(under(), 2 * day);

      expect(await store.readRun(run)).toBeNull();
      expect(await store.readJobs(run)).toEqual([]);
      expect(await store.readJob('first')).toBeNull();
      expect(await store.readHistory(run)).toEqual([]);
      expect(await store.readAnswer(run, 'key')).toBeNull();
      expect(await store.findRun('acme/shop', 1)).toBeNull();
      expect(await store.listRuns({ repository: null, limit: 10, before: null })).toEqual([]);
      expect(await store.claimDirty('gitops', minute)).toBeNull();
      expect(await store.setWish({ ...asked, wish: 'cancel' })).toBe('run_unknown');
    });

    it('what came late is gone with the run', async () => {
      const { store } = under();
      await givenEnded(under());
      const late = aJob({ jobId: 'late', runId: run });
      await store.accept({ ...notice, service: 'build', eventId: 'late', job: late });
      await store.finish(await claimed(store), aFinish({ history: [anEntry({ id: 'late' })], slice: { a: '1' } }));

      await pass(under(), 15 * day);

      expect(await store.readJob('late')).toBeNull();
      expect(await store.readRun(run)).toBeNull();
    });

    it('a delivery may make a run again, under the next number', async () => {
      const { store } = under();
      await givenEnded(under());
      await pass(under(), 15 * day);
      const identity = { ...anAdmission().identity, runId: `${run}-2` };
      const job = aJob({ jobId: 'second', service: 'gitops', runId: identity.runId });

      const again = await store.admit(anAdmission({ identity, job }));

      expect(again).toMatchObject({ kind: 'admitted', runId: identity.runId, sequence: 2 });
    });
  });

  describe('whatever the time,', () => {
    it('an open run stays, and so does one that was opened again', async () => {
      const { store } = under();
      await givenEnded(under());
      await store.enqueue(aJob({ service: 'rollback', runId: run, unit: 'rollback/staging/web' }));

      await pass(under(), 40 * day);

      expect(await store.readRun(run)).toMatchObject({ endedAt: null });
      expect(await store.readHistory(run)).toHaveLength(1);
      await store.finish(await claimed(store, 'rollback'), aFinish({ status: 'success' }));
      await pass(under(), 15 * day);
      expect(await store.readRun(run)).toBeNull();
    });

    it.each(['before', 'after'])(
      'a run that a target pinned %s its end stays until no target pins it',
      async (when) => {
        const { store } = under();
        await store.enqueue(aJob({ jobId: 'mover' }));
        const mover = await claimed(store);
        const target = JSON.stringify({ pins: [run] });
        if (when === 'before') await store.changeTarget(mover, aChange({ target }));
        await givenEnded(under());
        if (when === 'after') await store.changeTarget(mover, aChange({ target }));

        await pass(under(), 40 * day);
        expect(await store.readRun(run)).not.toBeNull();
        expect(await store.readHistory(run)).toHaveLength(1);

        await store.changeTarget(mover, aChange({ expected: 1 }));
        await pass(under(), 15 * day);
        expect(await store.readRun(run)).toBeNull();
        expect(await store.readTarget(aChange().key)).toMatchObject({ version: 2 });
      },
    );

    it('targets, quarantine, the audit log and numbers stay', async () => {
      const { store } = under();
      await givenEnded(under());
      await store.enqueue(aJob());
      const at = '2030-01-01T00:00:00.000Z';
      const bad = { repository: 'acme/shop', key: 'k', runId: run, release: null, reason: 'breach', alertId: null, at };
      await store.finish(await claimed(store), aFinish({ target: aChange({ quarantine: [bad] }) }));
      await store.audit({ actor: 'ada' });

      await pass(under(), 400 * day);

      expect(await store.readTarget(aChange().key)).not.toBeNull();
      expect(await store.readQuarantine('acme/shop')).toEqual([bad]);
      expect(await store.readAudit(10)).toEqual([{ actor: 'ada' }]);
      expect(await store.identity()).toBe('contract-suite');
    });
  });
}

const asked = { runId: run, generation: null, units: null, reason: 'asked', actor: null } as const;
const notice = { runId: run, job: null, arm: [], input: null, follow: false } as const;

async function givenEnded({ store }: RunStoreUnderTest): Promise<void> {
  await store.admit(anAdmission());
  await store.answer(run, 'key', '1');
  const units = [{ unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: minute }] as const;
  const plan = { units, deadlineMs: minute, hopsLimit: 1 };
  const job = await claimed(store, 'gitops');
  await store.finish(job, aFinish({ status: 'success', plan, history: [anEntry()] }));
}

// A backend may forget by itself or while it works: the reaper runs in every replica.
async function pass({ store, advance }: RunStoreUnderTest, ms: number): Promise<void> {
  await advance(ms);
  await store.reap('chatops', 10);
}

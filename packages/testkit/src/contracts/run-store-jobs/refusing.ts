import { describe, expect, it } from '@jest/globals';
import type { Acceptance, ClaimedJob, RunStore } from '@orchestra/runtime';
import {
  aChange,
  aClaim,
  aFinish,
  aJob,
  anEntry,
  aPark,
  aRecord,
  givenBuilding,
  minute,
  observe,
  run,
} from './given.ts';
import type { Under } from './given.ts';

/** Wrong arguments of every step: refused before the first write. */
export function testRefusing(under: Under): void {
  describe('wrong arguments', () => {
    it.each(Object.entries(wrongSteps))('are refused: %s', async (_what, take) => {
      const { store } = under();
      const job = await givenBuilding(store);
      const before = await observe(store);

      const refused = take(store, job);

      await expect(refused).rejects.toMatchObject({ code: 'STORE_ARGUMENT_INVALID', retriable: false });
      expect(await observe(store)).toEqual(before);
      expect(await store.renew(job, minute)).toMatchObject({ kind: 'held' });
    });
  });
}

type Take = (store: RunStore, job: ClaimedJob) => Promise<unknown>;

const wrongJobs: Readonly<Record<string, Take>> = {
  'a job without an id': async (store) => store.enqueue(aJob({ jobId: '' })),
  'a job whose payload is no JSON': async (store) => store.enqueue(aJob({ jobId: 'x', payload: '{' })),
  'a job that is due before now': async (store) => store.enqueue(aJob({ jobId: 'x', delayMs: -1 })),
  'a job that is never due': async (store) => store.enqueue(aJob({ jobId: 'x', delayMs: Number.POSITIVE_INFINITY })),
  'a job with half an attempt': async (store) => store.enqueue(aJob({ jobId: 'x', maxAttempts: 0.5 })),
  'a job of nobody': async (store) => store.enqueue(aJob({ jobId: 'x', service: untyped('nobody') })),
  'a job with an empty cause': async (store) => store.enqueue(aJob({ jobId: 'x', causes: [''] })),

  'a claim by nobody': async (store) => store.claim(aClaim({ owner: '' })),
  'a claim for no number of milliseconds': async (store) => store.claim(aClaim({ leaseMs: Number.NaN })),
  'a claim of an unknown service': async (store) => store.claim(aClaim({ service: untyped('') })),
  'an acceptance with a claim of another service': async (store) =>
    store.acceptAndClaim(anAcceptance(), aClaim({ service: 'test' })),
  'an acceptance with a claim by nobody': async (store) => store.acceptAndClaim(anAcceptance(), aClaim({ owner: '' })),
  'an acceptance of nothing with a claim': async (store) =>
    store.acceptAndClaim({ ...anAcceptance(), eventId: '' }, aClaim()),
  'a lease without a token': async (store, job) => store.renew({ ...job, token: Number.NaN }, minute),
  'a lease that shrinks': async (store, job) => store.renew(job, -minute),
  'a release without a job': async (store, job) => store.release({ ...job, jobId: '' }),
  'a retry in the past': async (store, job) => store.retryLater(job, -1, 'error'),
  'reaping less than nothing': async (store) => store.reap('build', -1),
};

const wrongEnds: Readonly<Record<string, Take>> = {
  'a finish with an unknown status': async (store, job) => store.finish(job, aFinish({ status: untyped('fine') })),
  'a finish with a slice that is no JSON': async (store, job) =>
    store.finish(job, aFinish({ slice: { a: 'x', b: '1' } })),
  'a finish with a nameless key': async (store, job) => store.finish(job, aFinish({ slice: { '': '1' } })),
  'a finish whose second record has no topic': async (store, job) =>
    store.finish(job, aFinish({ status: 'success', outbox: [aRecord(), aRecord({ topic: '' })] })),
  'a finish with a record that is no bytes': async (store, job) =>
    store.finish(job, aFinish({ outbox: [aRecord({ value: untyped('text') })] })),
  'a finish with an entry without an id': async (store, job) =>
    store.finish(job, aFinish({ history: [anEntry(), anEntry({ id: '' })] })),
  'a finish with a job of another service': async (store, job) =>
    store.finish(job, aFinish({ jobs: [aJob({ jobId: 'x', service: 'test' })] })),
  'a finish with an unknown wish': async (store, job) =>
    store.finish(job, aFinish({ wish: { reason: 'x', wish: untyped('sleep') } })),
  'a finish with a plan without an end': async (store, job) =>
    store.finish(job, aFinish({ plan: { units: [], deadlineMs: Number.NaN, hopsLimit: 1 } })),
  'a finish with a target that is no JSON': async (store, job) =>
    store.finish(job, aFinish({ target: aChange({ target: '' }) })),
  'a park without a reason': async (store, job) => store.park(job, aPark({ reason: '' })),
  'a park with a memo that is no JSON': async (store, job) => store.park(job, aPark({ memo: 'text' })),
  'a park in the past': async (store, job) => store.park(job, aPark({ delayMs: -5 })),
  'a park with a terminal status': async (store, job) => store.park(job, aPark({ status: untyped('success') })),
  'a target with half a version': async (store, job) => store.changeTarget(job, aChange({ expected: 0.5 })),
  'a target whose pins are no list of runs': async (store, job) =>
    store.changeTarget(job, aChange({ target: '{"pins":[1]}' })),
  'a target that wakes nobody in particular': async (store, job) =>
    store.changeTarget(job, aChange({ wake: [{ service: 'build', jobId: '', memo: null }] })),
  'a note that is no JSON': async (store, job) => store.note(job, { a: '{]' }, []),
};

const wrongReports: Readonly<Record<string, Take>> = {
  'a finish for a relay of nobody': async (store, job) =>
    store.finishAndHandOver(job, aFinish({ outbox: [aRecord()] }), { owner: '', ms: minute }),
  'a relay of nobody': async (store) => store.takeRelay('build', '', minute),
  'an outbox of an unknown service': async (store) => store.readOutbox(untyped('nobody'), 10),
  'less than no record': async (store) => store.readOutbox('build', -1),
  'a position without a name': async (store) => store.acknowledge('build', ['']),
  'a position that no outbox gives': async (store) => store.acknowledge('build', ['not-a-position']),
  'a rendering without an end': async (store) => store.claimDirty('gitops', Number.POSITIVE_INFINITY),
  'a revision that is no number': async (store) => store.settleDirty('gitops', run, Number.NaN),
  'a rendering without an end behind another': async (store) =>
    store.settleAndClaimDirty('gitops', { runId: run, v: 1 }, Number.POSITIVE_INFINITY),
  'a rendered slice that is no JSON': async (store) => store.writeRendered('gitops', run, { a: 'x' }),
  'an answer without a key': async (store) => store.answer(run, '', '1'),
  'an answer that is no JSON': async (store) => store.answer(run, 'key', 'yes'),
};

const wrongSteps = { ...wrongJobs, ...wrongEnds, ...wrongReports };

function anAcceptance(): Acceptance {
  const job = aJob({ jobId: 'x', runId: run });
  return { service: 'build', eventId: 'event-x', runId: run, job, arm: [], input: null, follow: false };
}

// Callers in plain JavaScript reach the port without its types.
function untyped(value: unknown): never;
function untyped(value: unknown): unknown {
  return value;
}

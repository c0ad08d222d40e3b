import { describe, expect, it } from '@jest/globals';
import type { Acceptance, ClaimedJob, GateJob, RunStore } from '@orchestra/runtime';
import { eventually } from '../../eventually.ts';
import {
  aClaim,
  aJob,
  anAdmission,
  anotherAdmission,
  claimed,
  minute,
  observe,
  otherRun,
  run,
  type Under,
} from './given.ts';
import { untilHeard } from './hinting.ts';

/** `acceptAndClaim`: the same as `accept` with `claim` right behind it. */
export function testAcceptingAndClaiming(under: Under): void {
  describe('acceptAndClaim', () => {
    testLikeness(under);
    testChoice(under);
    testRefusals(under);
  });
}

function testLikeness(under: Under): void {
  it.each([
    ['a stage', { unit: 'build' }],
    ['a reaction', { unit: null }],
    ['a job that a wish binds', { unit: 'build', bound: true }],
  ])('leaves of %s what the two steps leave', async (_what, job) => {
    const { store } = under();
    await store.admit(anAdmission());
    await store.admit(anotherAdmission());
    for (const runId of [run, otherRun]) await wish(store, runId);
    const separate = anEvent({ job: aJob({ jobId: 'separate', runId: otherRun, ...job }), runId: otherRun });

    const { taken, job: joined } = await store.acceptAndClaim(
      anEvent({ job: aJob({ jobId: 'joined', runId: run, ...job }) }),
      aClaim(),
    );
    await store.accept(separate);
    const inTwoSteps = await claimed(store);

    expect(taken).toBe('accepted');
    expect(whatOf(joined)).toEqual(whatOf(inTwoSteps));
    expect(joined).toMatchObject({ jobId: 'joined', runId: run });
    expect(await store.readJob('joined')).toMatchObject({ status: 'running', owner: 'worker-1', attempt: 1 });
    const [one, other] = [await store.readRun(run), await store.readRun(otherRun)];
    expect(one?.units['build']?.status).toBe(other?.units['build']?.status);
    expect(await store.stats('build')).toMatchObject({ ready: 0, leased: 2 });
    expect(await store.renew(joined ?? inTwoSteps, minute)).toMatchObject({ kind: 'held' });
  });

  it('shows the run as this step leaves it, where it shows it at all', async () => {
    const { store } = under();
    await store.admit(anAdmission());

    const { job } = await store.acceptAndClaim(anEvent({ job: aJob({ runId: run, unit: 'build' }) }), aClaim());

    const stored = await store.readRun(run);
    expect(job?.run ?? stored).toEqual(stored);
    expect(stored?.units['build']).toMatchObject({ status: 'running' });
  });

  it('gives the job of a gate that the event opened', async () => {
    const { store } = under();
    await store.admit(anAdmission());
    const gate: GateJob = {
      ...aJob({ jobId: 'gate', handler: 'gate', delayMs: minute }),
      runId: run,
      unit: 'build',
      inputs: ['test'],
    };
    const input = { unit: 'test', generation: 1, status: 'success', eventId: 'event-1' } as const;

    const { job } = await store.acceptAndClaim(anEvent({ arm: [gate], input }), aClaim());

    expect(job).toMatchObject({ jobId: 'gate', gate: { state: 'opened' }, causes: ['event-1'] });
  });
}

function testChoice(under: Under): void {
  it('gives the job that is due longest, and tells of the one that it made', async () => {
    const { store, advance } = under();
    await store.admit(anAdmission());
    await store.enqueue(aJob({ jobId: 'older' }));
    await advance(1);
    let heard = 0;
    const leave = store.onWake('build', 'jobs', () => {
      heard += 1;
    });
    await untilHeard(under(), 'build');
    heard = 0;

    const { job } = await store.acceptAndClaim(anEvent({ job: aJob({ jobId: 'newer', runId: run }) }), aClaim());

    expect(job?.jobId).toBe('older');
    expect(await eventually({ see: () => heard, until: (times) => times > 0 })).toBeGreaterThan(0);
    expect((await claimed(store)).jobId).toBe('newer');
    leave();
  });

  it.each([
    ['nobody for the one job that it makes and gives', 0, 0],
    ['the workers for a job that sleeps beside the one that it gives', minute, 1],
  ])('wakes %s', async (_what, delayMs, times) => {
    const { store } = under();
    await store.admit(anAdmission());
    if (delayMs > 0) await store.enqueue(aJob({ jobId: 'due' }));
    let heard = 0;
    const leave = store.onWake('build', 'jobs', () => {
      heard += 1;
    });
    await untilHeard(under(), 'build');
    // What was told before somebody begins to listen for another service has come when that one hears.
    await untilHeard(under(), 'test');
    heard = 0;

    const { job } = await store.acceptAndClaim(anEvent({ job: aJob({ runId: run, delayMs }) }), aClaim());

    await untilHeard(under(), 'deploy');
    expect(job).not.toBeNull();
    expect(heard).toBe(times);
    leave();
  });

  it('leaves the job of a handler at its limit in the queue', async () => {
    const { store } = under();
    await store.admit(anAdmission());
    const job = aJob({ handler: 'full', runId: run });

    const accepted = await store.acceptAndClaim(anEvent({ job }), aClaim({ except: ['full'] }));

    expect(accepted).toEqual({ taken: 'accepted', job: null });
    expect((await store.stats('build')).ready).toBe(1);
  });

  it('gives one of many deliveries of an event its job', async () => {
    const { store } = under();
    await store.admit(anAdmission());
    const event = anEvent({ job: aJob({ runId: run }) });

    const all = await Promise.all(Array.from({ length: 20 }, async () => store.acceptAndClaim(event, aClaim())));

    expect(all.filter(({ taken }) => taken === 'accepted')).toHaveLength(1);
    expect(all.filter(({ job }) => job !== null)).toHaveLength(1);
    expect((await store.stats('build')).leased).toBe(1);
  });
}

function testRefusals(under: Under): void {
  it('claims nothing behind an event that came before, or whose run is unknown', async () => {
    const { store } = under();
    await store.admit(anAdmission());
    const event = anEvent({});
    await store.accept(event);
    await store.enqueue(aJob({ jobId: 'due' }));
    const before = await observe(store);

    const again = await store.acceptAndClaim(event, aClaim());
    const stranger = await store.acceptAndClaim(anEvent({ runId: otherRun }), aClaim());

    expect(again).toEqual({ taken: 'dup', job: null });
    expect(stranger).toEqual({ taken: 'run_unknown', job: null });
    expect(await observe(store)).toEqual(before);
  });
}

function anEvent(over: Partial<Acceptance>): Acceptance {
  const nothing = { job: null, arm: [], input: null, follow: false };
  return { service: 'build', eventId: `event-${over.job?.jobId ?? '1'}`, runId: run, ...nothing, ...over };
}

async function wish(store: RunStore, runId: string): Promise<void> {
  await store.setWish({ runId, wish: 'cancel', generation: null, units: null, reason: 'test', actor: 'ada' });
}

// Everything but the names and the times.
function whatOf(job: ClaimedJob | null): unknown {
  if (job === null) return null;
  const { jobId: _jobId, runId: _runId, token: _token, createdAt: _createdAt, run: _run, wishes, ...rest } = job;
  return { ...rest, wishes: wishes.map((found) => ({ ...found, at: '' })) };
}

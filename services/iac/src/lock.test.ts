import { describe, expect, it } from '@jest/globals';
import { untouchedInfrastructure as untouched } from '@orchestra/contracts';
import { beginApply, leaveLock, takeLock, unblock, type Asker } from './lock.ts';

const now = new Date('2026-01-01T00:00:00Z');
const run = (sequence: number, generation = 1): Asker => ({
  runId: `run-${sequence}`,
  generation,
  sequence,
  jobId: `job-${sequence}`,
});
const held = (asker: Asker, isApplying = false) => ({ ...asker, since: now.toISOString(), isApplying });
const waiting = (asker: Asker) => ({ ...asker, since: now.toISOString() });
const applied = (asker: Asker) => ({ ...asker, commit: 'c', at: now.toISOString(), driftCheckMs: null });
const blocked = { runId: 'run-1', generation: 1, at: now.toISOString(), message: 'cut' };

describe('takeLock', () => {
  it('gives a free lock', () => {
    expect(takeLock(untouched, run(1), now)).toMatchObject({ kind: 'taken', next: { holder: { runId: 'run-1' } } });
  });

  it('answers the holder as before', () => {
    const state = { ...untouched, holder: held(run(1)) };

    expect(takeLock(state, run(1), now)).toEqual({ kind: 'taken', next: state, wake: [] });
  });

  it('lets a newer run wait, and tells an older one that holds it and has not begun to apply', () => {
    const answer = takeLock({ ...untouched, holder: held(run(1)) }, run(2), now);

    expect(answer).toMatchObject({
      kind: 'waiting',
      next: { holder: { runId: 'run-1' }, waiter: { runId: 'run-2' } },
      wake: [{ jobId: 'job-1', memo: { kind: 'superseded' } }],
    });
  });

  it('leaves one that applies alone', () => {
    expect(takeLock({ ...untouched, holder: held(run(1), true) }, run(2), now)).toMatchObject({
      kind: 'waiting',
      wake: [],
    });
  });

  it('has the newest take the place of the one that waits', () => {
    const state = { ...untouched, holder: held(run(1), true), waiter: waiting(run(2)) };

    expect(takeLock(state, run(3), now)).toMatchObject({
      next: { waiter: { runId: 'run-3' } },
      wake: [{ jobId: 'job-2', memo: { kind: 'superseded' } }],
    });
  });

  it.each([
    ['an older run than the holder', { ...untouched, holder: held(run(2)) }, 'superseded'],
    ['an older run than the one that waits', { ...untouched, waiter: waiting(run(2)) }, 'superseded'],
    [
      'a holder for whom a newer one waits',
      { ...untouched, holder: held(run(1)), waiter: waiting(run(2)) },
      'superseded',
    ],
    ['an older run than what was applied', { ...untouched, applied: applied(run(2)) }, 'older_than_applied'],
  ])('refuses %s', (_who, state, reason) => {
    expect(takeLock(state, run(1), now)).toEqual({ kind: 'refused', reason });
  });

  it('lets a run be made anew over its own older generation', () => {
    expect(takeLock({ ...untouched, applied: applied(run(1)) }, run(1, 2), now)).toMatchObject({ kind: 'taken' });
  });

  it('lets nobody in while nobody knows what became of an apply', () => {
    expect(takeLock({ ...untouched, blocked }, run(2), now)).toMatchObject({
      kind: 'blocked',
      next: { holder: null, waiter: { runId: 'run-2' } },
    });
  });
});

describe('beginApply', () => {
  it.each([
    ['the holder', { ...untouched, holder: held(run(1)) }, true],
    ['nobody without the lock', untouched, false],
    ['no holder that has to give way', { ...untouched, holder: held(run(1)), waiter: waiting(run(2)) }, false],
  ])('lets %s begin', (_who, state, may) => {
    expect(beginApply(state, run(1)) !== null).toBe(may);
  });
});

describe('leaveLock', () => {
  it('frees the lock and wakes who waits', () => {
    const left = leaveLock({ ...untouched, holder: held(run(1)), waiter: waiting(run(2)) }, run(1));

    expect(left).toMatchObject({
      next: { holder: null, waiter: { runId: 'run-2' } },
      wake: [{ jobId: 'job-2', memo: { kind: 'take' } }],
    });
  });

  it('gives up a place of those who wait', () => {
    const left = leaveLock({ ...untouched, holder: held(run(1)), waiter: waiting(run(2)) }, run(2));

    expect(left).toMatchObject({ next: { holder: { runId: 'run-1' }, waiter: null }, wake: [] });
  });
});

describe('unblock', () => {
  it.each([
    ['happened', { runId: 'run-1', afterGeneration: 1, resolution: 'happened', actor: 'ada' }],
    ['try_again', { runId: 'run-1', afterGeneration: 1, resolution: 'try_again', actor: 'ada' }],
    ['did_not_happen', null],
  ] as const)('goes on after %s', (resolution, resolved) => {
    const { next, wake } = unblock({ ...untouched, blocked, waiter: waiting(run(2)) }, { resolution, actor: 'ada' });

    expect(next).toMatchObject({ blocked: null, resolved });
    expect(wake).toEqual([{ jobId: 'job-2', memo: { kind: 'take' } }]);
  });
});

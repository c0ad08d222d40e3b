import { describe, expect, it } from '@jest/globals';
import { checkLeftovers } from './nothing-left.ts';
import { aJob, aRelease, aRunWith, aTarget, aWorld, timeAt } from './world.fixture.ts';

const lane = {
  ...aRelease('r2'),
  state: 'judging',
  strategy: 'canary',
  weights: [10, 100],
  step: 1,
  previous: 'r1',
  takenAt: timeAt(2),
} as const;
const laneOf = { ...lane, weights: [...lane.weights] };

describe('nothing is left after the end', () => {
  it('holds where all jobs are done', () => {
    expect(checkLeftovers(aWorld({ runs: [aRunWith({}, [aJob()])], targets: [aTarget()] }))).toEqual([]);
  });

  it('holds for a timer that stands for no unit and ends by itself', () => {
    const deadline = aJob({ unit: null, status: 'parked', dueAt: timeAt(3600), handler: 'deadline' });

    expect(checkLeftovers(aWorld({ runs: [aRunWith({}, [deadline])] }))).toEqual([]);
  });

  it('holds while the run still goes on', () => {
    const runs = [aRunWith({ endedAt: null }, [aJob({ status: 'running' })])];

    expect(checkLeftovers(aWorld({ runs, targets: [aTarget({ lane: laneOf })] }))).toEqual([]);
  });

  it.each(['process', 'workspace', 'lease', 'timer', 'lock'] as const)('is broken by a %s', (kind) => {
    expect(checkLeftovers(aWorld({ leftovers: [{ kind, name: 'it', run: 'run-1' }] }))).toMatchObject([
      { invariant: 'I4', what: `a ${kind} is left: it`, run: 'run-1' },
    ]);
  });

  it.each([
    ['lease', { status: 'running', leaseEndsAt: timeAt(99) }],
    ['timer', { status: 'parked', dueAt: timeAt(99) }],
    ['timer', { status: 'parked', unit: null, dueAt: null }],
  ] as const)('is broken by a %s of a run that has ended, shown by its job', (kind, change) => {
    const [violation] = checkLeftovers(aWorld({ runs: [aRunWith({}, [aJob(), aJob({ jobId: 'job-2', ...change })])] }));

    expect(violation?.what).toBe(`a ${kind} is left: build has a code_push job of a run that has ended`);
    expect(violation?.history.map(({ id }) => id)).toEqual(['run-1', 'job-2']);
  });

  it('is broken by a lease of a job without a run', () => {
    const idle = { ready: 0, oldestReadyMs: 0, parked: 0, outbox: 0, oldestOutboxMs: 0 };
    const queues = [{ service: 'build', ...idle, leased: 1 } as const];

    expect(checkLeftovers(aWorld({ queues }))).toHaveLength(1);
    expect(
      checkLeftovers(aWorld({ queues, runs: [aRunWith({ endedAt: null }, [aJob({ status: 'running' })])] })),
    ).toEqual([]);
  });

  it('is broken by a lane, a seizure and a waiter whose run has ended, but not in a blocked target', () => {
    const owner = { runId: 'run-1', generation: 1, sequence: 1, jobId: 'job-1' };
    const waiter = { ...owner, since: timeAt(1), woken: false, protected: false, byPerson: false };
    const moves = { cause: 'alert', from: 'r2', to: 'r1', reason: 'alert', byPerson: false, epoch: 3, at: timeAt(3) };
    const seizure = { ...moves, runId: 'run-1', jobId: 'job-1', ousted: null };
    const held = [{ lane: laneOf }, { seizure }, { waiters: [waiter] }];

    for (const change of held) {
      expect(checkLeftovers(aWorld({ targets: [aTarget(change)] }))).toMatchObject([{ run: 'run-1' }]);
    }
    const blocked = { reason: 'not ready', runId: 'run-1', at: timeAt(3) };
    expect(checkLeftovers(aWorld({ targets: [aTarget({ lane: laneOf, blocked })] }))).toEqual([]);
  });
});

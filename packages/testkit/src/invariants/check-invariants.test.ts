import { describe, expect, it } from '@jest/globals';
import { checkInvariants } from './check-invariants.ts';
import { describeViolation } from './violation.ts';
import { aJob, anEffect, aRunWith, aUnit, aWorld, timeAt } from './world.fixture.ts';

describe('the checker', () => {
  it('has nothing to say about a world that kept all promises', () => {
    expect(checkInvariants(aWorld())).toEqual([]);
  });

  it('names each promise that was broken', () => {
    const units = { gitops: aUnit('success'), build: aUnit('failure') };
    const runs = [aRunWith({ units }, [aJob({ status: 'parked', dueAt: timeAt(9) })])];
    const apply = anEffect({ kind: 'apply', epoch: null, target: null, weights: null });
    const moves = [anEffect({ key: 'a', epoch: 5 }), anEffect({ key: 'b', epoch: 4 })];
    const effects = [apply, apply, ...moves];
    const groups = [{ group: 'orchestra.build', topic: 'code_push', lag: 1 }];
    const lost = { delivery: 'd', runId: 'run-9', repository: 'acme/shop', ref: 'main', commit: 'c', at: timeAt(0) };

    const found = checkInvariants(aWorld({ runs, effects, groups, pushes: [lost] }));

    expect(found.map(({ invariant }) => invariant)).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6']);
  });

  it('prints the promise, what is wrong and the history that shows it', () => {
    const [violation] = checkInvariants(aWorld({ runs: [], records: [] }));

    expect(violation === undefined ? '' : describeViolation(violation)).toBe(
      [
        'I1: every accepted push reaches exactly one terminal state',
        'an accepted push has no run (run run-1)',
        '  2026-01-01T00:00:00.000Z  push of c1 to refs/heads/main of acme/shop was accepted  [delivery-1]',
      ].join('\n'),
    );
  });
});

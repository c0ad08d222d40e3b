import { describe, expect, it } from '@jest/globals';
import { aBuildReady } from '../given-events.ts';
import { checkEnds } from './exactly-one-end.ts';
import { aJob, aRecord, aRunWith, aUnit, aWorld, goodRecords, push } from './world.fixture.ts';

describe('every accepted push reaches exactly one terminal state', () => {
  it('holds where the run of each push has ended', () => {
    expect(checkEnds(aWorld())).toEqual([]);
  });

  it('is broken by a push without a run, shown by the push alone', () => {
    const [violation] = checkEnds(aWorld({ runs: [], records: [] }));

    expect(violation).toMatchObject({ invariant: 'I1', run: 'run-1', history: [{ id: 'delivery-1' }] });
  });

  it('is broken by a run that never ended, shown by the push, the unit and the job that it waits for', () => {
    const jobs = [aJob(), aJob({ jobId: 'job-2', status: 'parked', parkReason: 'lane' })];
    const units = { gitops: aUnit('success'), build: aUnit('waiting', { reason: 'lane' }) };
    const violations = checkEnds(aWorld({ runs: [aRunWith({ endedAt: null, units }, jobs)] }));

    expect(violations).toHaveLength(1);
    expect(violations[0]?.what).toBe('a run never ended: build did not end');
    expect(violations[0]?.history.map(({ id }) => id)).toEqual(['delivery-1', 'build', 'job-2']);
  });

  it('is broken by an end without a unit that ended: a planned unit was forgotten', () => {
    const planned = { unit: 'test', service: 'test', after: ['build'], gate: null, gateDeadlineMs: 1 } as const;

    expect(checkEnds(aWorld({ runs: [aRunWith({ plannedUnits: [planned] })] }))).toMatchObject([
      { what: 'a run never ended: test did not end' },
    ]);
  });

  it('is broken by a unit that ended well and badly in one generation, shown by both events', () => {
    const failed = aRecord('build_ready', aBuildReady({ outcome: 'FAILURE' }), { subject: 'build', at: 3 });
    const [violation] = checkEnds(aWorld({ records: [...goodRecords, failed] }));

    expect(violation).toMatchObject({ what: 'build has ended both well and badly' });
    expect(violation?.history).toHaveLength(2);
    const retried = aRecord('build_ready', aBuildReady({ outcome: 'FAILURE' }), { subject: 'build', generation: 2 });
    expect(checkEnds(aWorld({ records: [...goodRecords, retried] }))).toEqual([]);
  });

  it('is broken by one delivery with two runs, and by two runs with one number', () => {
    const runs = [aRunWith(), aRunWith({ runId: 'run-2' })];
    const violations = checkEnds(aWorld({ runs, pushes: [push, { ...push, runId: 'run-2' }] }));

    expect(violations.map(({ what }) => what)).toEqual([
      'one delivery has two runs, the other is run-1',
      'two runs of acme/shop have the number 1',
    ]);
  });
});

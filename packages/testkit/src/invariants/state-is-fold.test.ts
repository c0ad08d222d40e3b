import { describe, expect, it } from '@jest/globals';
import { aBuildReady } from '../given-events.ts';
import { checkState } from './state-is-fold.ts';
import { aRecord, aRunWith, aUnit, aWorld, goodRecords } from './world.fixture.ts';

const good = aRunWith().state.units;

describe('the state equals the fold of the events', () => {
  it('holds where each end has its event', () => {
    expect(checkState(aWorld())).toEqual([]);
  });

  it('holds for a push that did not run, of which nobody is told', () => {
    const units = { gitops: aUnit('not_needed') };

    expect(checkState(aWorld({ runs: [aRunWith({ units })], records: [] }))).toEqual([]);
  });

  it('holds for a unit that a retry has made anew before its event', () => {
    const units = { ...good, build: aUnit('running', { generation: 2 }) };

    expect(checkState(aWorld({ runs: [aRunWith({ generation: 2, units })] }))).toEqual([]);
  });

  it('is broken by a status that differs from its event, shown by the two', () => {
    const units = { ...good, build: aUnit('failure') };
    const [violation] = checkState(aWorld({ runs: [aRunWith({ units })] }));

    expect(violation).toMatchObject({
      invariant: 'I5',
      run: 'run-1',
      what: expect.stringContaining('build: its events say success'),
    });
    expect(violation?.history).toHaveLength(2);
  });

  it('is broken by an end without its event, also in a run of which there is none', () => {
    const [onlyPush] = goodRecords;
    const records = onlyPush === undefined ? [] : [onlyPush];

    expect(checkState(aWorld({ records }))).toMatchObject([{ what: 'build: no event says that it ended' }]);
    expect(checkState(aWorld({ records: [] }))).toMatchObject([{ what: 'build has ended, and no event says so' }]);
  });

  it('is broken by an event whose end the state does not know', () => {
    const units = { gitops: aUnit('success'), build: aUnit('running') };

    expect(checkState(aWorld({ runs: [aRunWith({ units })] }))).toMatchObject([
      { what: 'build: its events say success' },
    ]);
  });

  it('is broken by a newer generation in the events than in the state', () => {
    const retried = aRecord('build_ready', aBuildReady(), { subject: 'build', generation: 2, at: 5 });
    const violations = checkState(aWorld({ records: [...goodRecords, retried] }));

    expect(violations.map(({ what }) => what)).toEqual([
      'build: its events say generation 2',
      'the store is in generation 1, its events in 2',
    ]);
  });

  it('is broken by a slice that lost what its event says', () => {
    const { slices } = aRunWith().state;

    expect(checkState(aWorld({ runs: [aRunWith({ slices: { ...slices, build: {} } })] }))).toMatchObject([
      { what: 'the slice of build is not what its event says' },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { anOperatorCommand } from '../given-events.ts';
import { checkOrder } from './never-older-over-newer.ts';
import { anEffect, aRecord, aRelease, aRunWith, aTarget, aWorld, timeAt } from './world.fixture.ts';

const runs = [aRunWith(), aRunWith({ runId: 'run-2', sequence: 2 })];
const r1 = aRelease('r1');
const r2 = aRelease('r2', { runId: 'run-2', sequence: 2, epoch: 3, releasedAt: timeAt(2) });
const older = aRelease('r3', { runId: 'run-1', epoch: 5, releasedAt: timeAt(9) });

describe('never an older commit over a newer one', () => {
  it('holds where releases follow the order of the runs', () => {
    const effects = [
      anEffect(),
      anEffect({ run: 'run-2', release: 'r2', epoch: 2, weights: { r2: 10, r1: 90 } }),
      anEffect({ run: 'run-2', release: 'r2', epoch: 3, weights: { r2: 100 } }),
    ];

    expect(checkOrder(aWorld({ runs, effects, targets: [aTarget({ history: [r1, r2] })] }))).toEqual([]);
  });

  it('holds for the ways back of a canary and of a rollback', () => {
    const canary = anEffect({ run: 'run-2', release: 'r2', epoch: 2, weights: { r2: 10, r1: 90 } });
    const back = { release: 'r1', epoch: 3, weights: { r1: 100 } };
    const history = [r1, r2];

    for (const kind of ['return', 'rollback'] as const) {
      const effects = [anEffect(), canary, anEffect({ kind, ...back })];
      expect(checkOrder(aWorld({ runs, effects, targets: [aTarget({ history })] }))).toEqual([]);
    }
  });

  it('holds for a way back of which the world knows the epoch alone, because its event says whose it is', () => {
    const whose = { run: null, unit: null, generation: null };
    const newer = anEffect({ ...whose, release: 'r2', epoch: 3, weights: { r2: 100 } });
    const back = anEffect({ ...whose, release: 'r1', epoch: 4, weights: { r1: 100 }, at: timeAt(9) });
    const place = { environment: 'production', service: 'web', fromRelease: 'r2', toRelease: 'r1', epoch: 4 };
    const packet = { packetDigest: null, packetTextDigest: null };
    const told = aRecord(
      'rollback_event',
      { outcome: 'SUCCESS', reason: 'breach', ...place, quarantined: true, compared: [], ...packet },
      { subject: 'rollback/production/web', at: 10 },
    );
    const world = { runs, effects: [anEffect(), newer, back], targets: [aTarget({ history: [r1, r2] })] };

    expect(checkOrder(aWorld({ ...world, records: [told] }))).toEqual([]);
    expect(checkOrder(aWorld(world))).toHaveLength(1);
  });

  it('is broken by a step of an older run beside a newer release, shown by the two steps', () => {
    const newer = anEffect({ run: 'run-2', release: 'r2', epoch: 3, weights: { r2: 100 } });
    const late = anEffect({ release: 'r3', epoch: 5, weights: { r3: 10, r2: 90 }, at: timeAt(9) });
    const effects = [anEffect(), newer, late];
    const violations = checkOrder(aWorld({ runs, effects, targets: [aTarget({ history: [r1, r2, older] })] }));

    expect(violations.map(({ what }) => what)).toEqual([
      'r3 of an older commit got traffic beside r2',
      'r3 of an older commit was released over r2',
    ]);
    expect(violations[0]?.history.map(({ what }) => what)).toEqual([
      expect.stringContaining('with r2 at epoch 3'),
      expect.stringContaining('with r3 at epoch 5'),
    ]);
  });

  it('is broken by an older move that is written after a newer one', () => {
    const effects = [anEffect({ epoch: 4 }), anEffect({ key: 'step 2', epoch: 3, at: timeAt(9) })];

    expect(checkOrder(aWorld({ effects }))).toMatchObject([{ what: 'an older move was written over a newer one' }]);
  });

  it('lets a person go against the order', () => {
    const history = [r1, r2, { ...older, byPerson: true }];
    const newer = anEffect({ run: 'run-2', release: 'r2', epoch: 3, weights: { r2: 100 } });
    const ordered = anEffect({ release: 'r3', epoch: 5, weights: { r3: 100 } });

    expect(checkOrder(aWorld({ runs, effects: [newer, ordered], targets: [aTarget({ history })] }))).toEqual([]);
  });

  it('lets an older run follow where a rollback has taken the newer release back', () => {
    const rollback = { from: 'r2', to: 'r1', cause: 'alert', at: timeAt(5), byPerson: false, ousted: null };
    const target = aTarget({ history: [r1, r2, older], rollbacks: [rollback] });

    expect(checkOrder(aWorld({ runs, targets: [target] }))).toEqual([]);
    expect(checkOrder(aWorld({ runs, targets: [aTarget({ history: [r1, r2, older] })] }))).toHaveLength(1);
  });

  it('lets an older run follow where a person has said what serves', () => {
    const place = { environment: 'production', service: 'web' };
    const order = anOperatorCommand({ action: 'RESOLVE', addressee: 'deploy', ...place });
    const resolve = aRecord('operator_command', order, { runId: '', at: 5 });
    const targets = [aTarget({ history: [r1, r2, older] })];

    expect(checkOrder(aWorld({ runs, targets, records: [resolve] }))).toEqual([]);
  });
});

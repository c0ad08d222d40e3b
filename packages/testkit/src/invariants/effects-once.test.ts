import { describe, expect, it } from '@jest/globals';
import { checkEffects } from './effects-once.ts';
import { anEffect, aRecord, aWorld, timeAt } from './world.fixture.ts';
import type { PostedMessage } from './world-facts.ts';

const later = timeAt(5);
const apply = anEffect({
  kind: 'apply',
  unit: 'iac/production',
  key: 'sha256:p',
  target: null,
  epoch: null,
  weights: null,
});

const message: PostedMessage = {
  channel: '#releases',
  ts: '1.1',
  thread: null,
  key: 'run-1',
  text: 'Run 1',
  run: 'run-1',
  at: timeAt(1),
};

const nobody = { run: null, unit: null, generation: null, release: 'r2', key: 'share r2=10' };

// A move of release r2 that was told.
function step(epoch: number, at: number) {
  const move = { environment: 'production', service: 'web', release: 'r2', version: 'v', previousRelease: 'r1' };
  const share = {
    strategy: 'CANARY',
    step: 1,
    steps: 2,
    weightPercent: 10,
    url: null,
    causes: [],
    objects: null,
  } as const;
  return aRecord(
    'deployment_triggered',
    { phase: 'STEP', outcome: null, reason: null, epoch, ...move, ...share },
    { subject: 'deploy/production/web', at },
  );
}

describe('each side effect at most once', () => {
  it('holds for the steps of a rollout, and for the same move applied again', () => {
    const effects = [anEffect(), anEffect({ at: later }), anEffect({ key: 'step 2', epoch: 2 })];

    expect(checkEffects(aWorld({ effects, messages: [message] }))).toEqual([]);
  });

  it('holds for a step that was begun again and found its work done', () => {
    expect(checkEffects(aWorld({ effects: [anEffect(), anEffect({ epoch: 2, changed: false })] }))).toEqual([]);
  });

  it('holds for another generation', () => {
    expect(checkEffects(aWorld({ effects: [apply, { ...apply, generation: 2 }] }))).toEqual([]);
  });

  it('is broken by an apply that happened twice, shown by the two', () => {
    const [violation] = checkEffects(aWorld({ effects: [apply, { ...apply, at: later }] }));

    expect(violation).toMatchObject({ invariant: 'I2', run: 'run-1', what: 'apply sha256:p happened 2 times' });
    expect(violation?.history.map(({ at }) => at)).toEqual([timeAt(3), later]);
  });

  it('is broken by a step that changed the world under two epochs', () => {
    expect(checkEffects(aWorld({ effects: [anEffect(), anEffect({ epoch: 2, at: later })] }))).toHaveLength(1);
  });

  it('knows by the epoch whose an effect is of which the world cannot tell', () => {
    const effects = [anEffect({ ...nobody, epoch: 4 }), anEffect({ ...nobody, epoch: 5, at: later })];

    expect(checkEffects(aWorld({ effects }))).toEqual([]);
    expect(checkEffects(aWorld({ effects, records: [step(4, 3), step(5, 5)] }))).toMatchObject([{ run: 'run-1' }]);
  });

  it('is broken by a step that a rollout made, died before it told, and made again; not by a later way back', () => {
    const [died, again] = [anEffect({ ...nobody, epoch: 4 }), anEffect({ ...nobody, epoch: 5, at: later })];
    const rollback = anEffect({ ...nobody, epoch: 6, at: later });

    expect(checkEffects(aWorld({ effects: [died, again], records: [step(5, 5)] }))).toHaveLength(1);
    expect(checkEffects(aWorld({ effects: [again, rollback], records: [step(5, 5)] }))).toEqual([]);
  });

  it('is broken by a message that stands twice, and not by one in a thread of its own', () => {
    expect(checkEffects(aWorld({ messages: [message, { ...message, thread: '1.1' }] }))).toEqual([]);
    expect(checkEffects(aWorld({ messages: [message, { ...message, ts: '1.2' }] }))).toMatchObject([
      { what: 'a message about run-1 was posted twice in #releases', history: [{ id: '1.1' }, { id: '1.2' }] },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { decideApproval, type ApprovalFacts, type Word } from './decide-approval.ts';

const at = '2026-01-01T12:00:00.000Z';

function word(actor: string, change: Partial<Word> = {}): Word {
  return { says: 'go_on', actor, eventId: `e-${actor}`, at, note: null, generation: 1, ...change };
}

function decide(words: readonly Word[], change: Partial<ApprovalFacts> = {}) {
  return decideApproval({
    count: 2,
    words,
    holdsFrom: '2026-01-01T11:00:00.000Z',
    generation: 1,
    run: 7,
    isOver: false,
    ...change,
  });
}

describe('decideApproval', () => {
  it('waits as long as one is missing', () => {
    const { decision, counted } = decide([word('ada')]);

    expect(decision).toEqual({ kind: 'wait', reason: 'approval' });
    expect(counted).toEqual({ approved: [{ actor: 'ada', at, note: null }], voided: [] });
  });

  it('is granted by so many different people', () => {
    expect(decide([word('ada'), word('ada')]).decision.kind).toBe('wait');
    expect(decide([word('ada'), word('grace')]).decision).toMatchObject({
      kind: 'granted',
      approved: [{ eventId: 'e-ada' }, { eventId: 'e-grace' }],
    });
  });

  it('is ended by one no, also when enough have said yes', () => {
    const no = word('linus', { says: 'abort' });

    expect(decide([word('ada'), word('grace'), no]).decision).toEqual({ kind: 'reject', reason: 'rejected', word: no });
  });

  it('forgets a no of an older generation, and keeps a yes, for that is for the content', () => {
    const words = [word('ada'), word('linus', { says: 'abort' }), word('grace', { generation: 2 })];

    expect(decide(words, { generation: 2 }).decision.kind).toBe('granted');
  });

  it('expires when its time is over, but not when all came before that', () => {
    const late = { isOver: true };

    expect(decide([word('ada')], late).decision).toEqual({ kind: 'expire', reason: 'approval_expired' });
    expect(decide([word('ada'), word('grace')], late).decision.kind).toBe('granted');
  });

  it('does not take an approval that was given too long before it was asked', () => {
    const old = word('ada', { at: '2026-01-01T10:59:59.000Z' });

    expect(decide([old, word('grace')]).counted).toMatchObject({
      approved: [{ actor: 'grace' }],
      voided: [{ actor: 'ada', reason: 'expired', run: 7 }],
    });
    expect(decide([old, word('ada'), word('grace')]).decision.kind).toBe('granted');
  });
});

import { describe, expect, it } from '@jest/globals';
import { decideAnswer, type AnswerFacts } from './decide-answer.ts';

const rules = { count: 2, approvers: ['ada', 'grace'], groups: ['sre'], allowAuthor: false, expiresMs: 1000 };
const facts: AnswerFacts = {
  rules,
  isOpen: true,
  digest: 'sha256:1',
  named: 'sha256:1',
  says: 'go_on',
  actor: 'ada',
  memberOf: [],
  authors: ['Linus'],
  isLate: false,
  approved: ['grace'],
};

describe('decideAnswer', () => {
  it.each([
    { when: 'of an approver', change: {} },
    { when: 'of a member of a group', change: { actor: 'bob', memberOf: ['sre'] } },
    {
      when: 'of the author, where that is allowed',
      change: { authors: ['ada'], rules: { ...rules, allowAuthor: true } },
    },
    { when: 'of the author, who takes the push back', change: { authors: ['ada'], says: 'abort' as const } },
    { when: 'of one who has approved and takes it back', change: { approved: ['ada'], says: 'abort' as const } },
  ])('takes an answer $when', ({ change }) => {
    expect(decideAnswer({ ...facts, ...change })).toEqual({ kind: 'accept' });
  });

  it.each([
    { change: { rules: undefined }, reason: 'nothing_waits' },
    { change: { isOpen: false }, reason: 'nothing_waits' },
    { change: { digest: null }, reason: 'nothing_built' },
    { change: { named: null }, reason: 'digest_missing' },
    { change: { named: 'sha256:2' }, reason: 'other_version' },
    { change: { actor: 'eve', memberOf: ['leads'] }, reason: 'not_an_approver' },
    { change: { authors: ['Ada'] }, reason: 'own_push' },
    { change: { isLate: true }, reason: 'expired' },
    { change: { approved: ['ada'] }, reason: 'approved_before' },
  ])('refuses with $reason', ({ change, reason }) => {
    expect(decideAnswer({ ...facts, ...change })).toEqual({ kind: 'refuse', reason });
  });
});

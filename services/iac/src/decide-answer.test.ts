import { describe, expect, it } from '@jest/globals';
import type { InfrastructureSlice } from '@orchestra/contracts';
import { decideAnswer } from './decide-answer.ts';

const question = { digest: 'sha256:1', approvers: ['ada'], until: '2026-01-02T00:00:00Z' };
const counts = { toAdd: 0, toChange: 0, toDestroy: 1, destroys: ['db.a'], outputs: {} };
const slice: InfrastructureSlice = {
  tool: 'tofu',
  phase: 'waiting',
  generation: 1,
  planDigest: null,
  ...counts,
  question,
};
const right = { slice, digest: 'sha256:1', actor: 'ada', isLate: false };

describe('decideAnswer', () => {
  it('takes the answer of an approver to the plan that waits', () => {
    expect(decideAnswer(right)).toEqual({ kind: 'accept', question });
  });

  it('takes the answer of anybody where nobody is named', () => {
    const open = { ...slice, question: { ...question, approvers: [] } };

    expect(decideAnswer({ ...right, slice: open, actor: 'eve' })).toMatchObject({ kind: 'accept' });
  });

  it.each([
    ['nothing_waits', { slice: null }],
    ['nothing_waits', { slice: { ...slice, question: null } }],
    ['nothing_waits', { slice: { ...slice, phase: 'applying' as const } }],
    ['digest_missing', { digest: null }],
    ['other_plan', { digest: 'sha256:2' }],
    ['not_an_approver', { actor: 'eve' }],
    ['expired', { isLate: true }],
  ])('refuses as %s', (reason, change) => {
    expect(decideAnswer({ ...right, ...change })).toEqual({ kind: 'refuse', reason });
  });
});

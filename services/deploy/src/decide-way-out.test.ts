import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.ts';
import { decideWayOut } from './decide-way-out.ts';

const refused: Answer = { kind: 'rollback', eventId: 'e', outcome: 'refused', reason: 'disabled', checks: [] };
const restored: Answer = { ...refused, outcome: 'restored' };
const unknown: Answer = { ...refused, outcome: 'unknown' };

describe('decideWayOut', () => {
  const failing = { ownsLane: true, seized: false, blocked: false, answer: null, timedOut: false };

  it.each([
    { when: 'rollback has not answered', given: {}, expected: { kind: 'wait' } },
    {
      when: 'it was restored',
      given: { ownsLane: false, answer: restored },
      expected: { kind: 'end', status: 'failure', reason: 'rolled_back' },
    },
    {
      when: 'a refusal has to be carried out',
      given: { answer: refused },
      expected: { kind: 'give_back', reason: 'rollback_refused' },
    },
    {
      when: 'a refusal comes after the lane was lost',
      given: { ownsLane: false, answer: refused },
      expected: { kind: 'end', reason: 'rolled_back' },
    },
    {
      when: 'the way back could not be done',
      given: { ownsLane: false, answer: unknown },
      expected: { kind: 'end', status: 'unknown', reason: 'target_blocked' },
    },
    {
      when: 'the rollback that has the target cannot be done',
      given: { ownsLane: false, seized: true, blocked: true },
      expected: { kind: 'end', status: 'unknown', reason: 'target_blocked' },
    },
    { when: 'a rollback has the target', given: { ownsLane: false, seized: true }, expected: { kind: 'wait' } },
    {
      when: 'nobody ever answers',
      given: { timedOut: true },
      expected: { kind: 'give_back', reason: 'rollback_unanswered' },
    },
  ] as const)('says $expected.kind when $when', ({ given, expected }) => {
    expect(decideWayOut({ ...failing, ...given })).toMatchObject(expected);
  });
});

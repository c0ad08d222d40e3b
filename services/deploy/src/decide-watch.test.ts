import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.ts';
import { decideWatchEnd } from './decide-watch.ts';

const refused: Answer = { kind: 'rollback', eventId: 'e', outcome: 'refused', reason: 'disabled', checks: [] };
const restored: Answer = { ...refused, outcome: 'restored' };
const unknown: Answer = { ...refused, outcome: 'unknown' };
const healthy: Answer = { kind: 'health', eventId: 'e', verdict: 'HEALTHY', reason: null, checks: [] };
const unclear: Answer = { ...healthy, verdict: 'INCONCLUSIVE' };

describe('decideWatchEnd', () => {
  const replaced: Answer = { ...unclear, reason: 'replaced' };

  it.each([
    { when: 'nothing is known yet', answer: null, timedOut: false, expected: { kind: 'wait', reason: 'watch' } },
    {
      when: 'it stayed healthy',
      answer: healthy,
      timedOut: false,
      expected: { status: 'success', reason: 'watched', health: 'healthy' },
    },
    {
      when: 'a newer one came',
      answer: replaced,
      timedOut: false,
      expected: { status: 'success', reason: 'replaced', health: null },
    },
    {
      when: 'there was no data',
      answer: unclear,
      timedOut: false,
      expected: { status: 'success', reason: 'released_unjudged', health: 'unknown' },
    },
    {
      when: 'it was rolled back',
      answer: restored,
      timedOut: false,
      expected: { status: 'failure', reason: 'rolled_back' },
    },
    {
      when: 'the rollback was refused',
      answer: refused,
      timedOut: false,
      expected: { status: 'failure', reason: 'degraded', health: 'bad' },
    },
    {
      when: 'the way back could not be done',
      answer: unknown,
      timedOut: false,
      expected: { status: 'unknown', reason: 'target_blocked' },
    },
    {
      when: 'nobody watched',
      answer: null,
      timedOut: true,
      expected: { status: 'error', reason: 'watch_unanswered', health: 'unknown' },
    },
  ])('says $expected.reason when $when', ({ answer, timedOut, expected }) => {
    expect(decideWatchEnd({ answer, timedOut })).toMatchObject(expected);
  });
});

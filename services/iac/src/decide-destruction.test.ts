import { describe, expect, it } from '@jest/globals';
import { decideDestruction } from './decide-destruction.ts';

const owner = { runId: 'run-1', generation: 1 };
const applied = { ...owner, sequence: 1, commit: 'c', at: '2026-01-01T00:00:00Z', driftCheckMs: null };
const state = { applied, gone: null, blocked: null };
const given = { runId: 'run-1', isEphemeral: true, state, removal: null };

describe('decideDestruction', () => {
  it('plans to destroy what the run has applied', () => {
    expect(decideDestruction(given)).toEqual({ kind: 'plan', reason: 'ordered' });
  });

  it('plans it again where it ended before', () => {
    const removal = { ended: { reason: 'rejected', message: null } };

    expect(decideDestruction({ ...given, removal })).toMatchObject({ kind: 'plan' });
  });

  it.each([
    ['not_ephemeral', { isEphemeral: false }],
    ['not_applied', { runId: 'run-2' }],
    ['not_applied', { state: { ...state, applied: null } }],
    ['already_gone', { state: { ...state, gone: { ...owner, at: '' } } }],
    ['infrastructure_blocked', { state: { ...state, blocked: { ...owner, at: '', message: '' } } }],
    ['being_destroyed', { removal: { ended: null } }],
  ])('refuses as %s', (reason, change) => {
    expect(decideDestruction({ ...given, ...change })).toEqual({ kind: 'refuse', reason });
  });
});

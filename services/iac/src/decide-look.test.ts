import { describe, expect, it } from '@jest/globals';
import { decideLook } from './decide-look.ts';
import { untouchedInfrastructure as untouched } from '@orchestra/contracts';

const anHour = 3_600_000;
const owner = { runId: 'run-1', generation: 1, sequence: 1 };
const applied = { ...owner, commit: 'c', at: '2026-01-01T00:00:00Z', driftCheckMs: anHour };
const job = { ...owner, jobId: 'j', since: '' };

describe('decideLook', () => {
  it.each([
    ['due', { applied }, anHour],
    ['too_early', { applied }, anHour - 1],
    ['never_asked', { applied: { ...applied, driftCheckMs: null } }, anHour],
    ['never_asked', {}, anHour],
    ['a_run_works', { applied, holder: { ...job, isApplying: false } }, anHour],
    ['a_run_works', { applied, waiter: job }, anHour],
    ['gone', { applied, gone: { runId: 'run-1', generation: 1, at: '' } }, anHour],
    ['blocked', { applied, blocked: { runId: 'run-1', generation: 1, at: '', message: '' } }, anHour],
  ])('says %s', (reason, state, ageMs) => {
    expect(decideLook({ ...untouched, ...state }, ageMs).reason).toBe(reason);
  });
});

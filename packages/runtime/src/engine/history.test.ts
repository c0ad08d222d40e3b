import { describe, expect, it } from '@jest/globals';
import type { ClaimedJob } from '../ports/jobs.ts';
import { gateDecision, historyOf } from './history.ts';

const input = { unit: 'test', generation: 1, status: 'failure', eventId: 'e1' } as const;
const job: ClaimedJob = {
  jobId: 'job-1',
  service: 'iac',
  token: 1,
  runId: 'run-1',
  generation: 1,
  unit: 'iac/production',
  handler: 'gate',
  payload: '{}',
  cause: 'gate:1',
  causes: ['e1'],
  hops: 1,
  attempt: 1,
  maxAttempts: 3,
  maxMs: 1,
  stalls: 0,
  parks: 0,
  bound: true,
  traceparent: null,
  gate: { state: 'closed', arrived: [input], missing: [] },
  wishes: [],
  memo: null,
  createdAt: '2026-01-01T00:00:00.000Z',
};
const at = new Date('2026-01-01T00:00:01.000Z');

describe('the history of a gate', () => {
  it('tells how it was decided, with the inputs that arrived and what led to them', () => {
    expect(gateDecision({ service: 'iac', job, at })).toMatchObject([
      {
        kind: 'decision',
        what: 'gate closed',
        reason: 'input_not_good',
        unit: 'iac/production',
        causes: ['e1'],
        detail: { arrived: [input], missing: [] },
      },
    ]);
  });

  it('is told by the end of its job, once for however many attempts', () => {
    const result = { kind: 'end', status: 'skipped', events: [], decided: [] } as const;
    const again = { ...job, attempt: 2, parks: 1 };
    const [first] = historyOf({ service: 'iac', job, result, at });
    const [second] = historyOf({ service: 'iac', job: again, result, at });

    expect(first?.what).toBe('gate closed');
    expect(second?.id).toBe(first?.id);
  });

  it('has nothing to tell of a job without a gate', () => {
    expect(gateDecision({ service: 'iac', job: { ...job, gate: null }, at })).toEqual([]);
  });
});

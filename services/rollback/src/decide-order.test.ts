import { describe, expect, it } from '@jest/globals';
import { decideOrder } from './decide-order.ts';

const release = {
  action: 'RELEASE_QUARANTINE',
  repository: 'acme/shop',
  environment: null,
  service: null,
  digest: 'commit-2',
  reason: 'the load test was wrong',
} as const;

const of = { repository: 'acme/shop', runId: 'run-2', release: 'r2', alertId: 'a1', reason: 'ordered', at: '' };
const quarantined = [
  { ...of, key: 'commit-2' },
  { ...of, key: 'sha256:2' },
  { ...of, key: 'sha256:3', release: 'r3', alertId: 'a2' },
];

describe('decideOrder', () => {
  it('lets out what went in together, the named key last', () => {
    expect(decideOrder(release, quarantined)).toEqual({
      answer: 'accepted',
      reason: 'ordered',
      letOut: ['sha256:2', 'commit-2'],
    });
  });

  it.each([
    { change: { digest: 'sha256:9' }, reason: 'not_in_quarantine' },
    { change: { digest: null }, reason: 'no_version' },
    { change: { reason: null }, reason: 'no_note' },
    { change: { reason: ' ' }, reason: 'no_note' },
    { change: { repository: null }, reason: 'no_repository' },
    { change: { action: 'ROLLBACK' }, reason: 'no_target' },
    { change: { action: 'ROLLBACK', environment: 'e', service: 's' }, reason: 'no_run' },
    { change: { action: 'FREEZE' }, reason: 'not_understood' },
  ] as const)('refuses with $reason for $change', ({ change, reason }) => {
    expect(decideOrder({ ...release, ...change }, quarantined)).toEqual({ answer: 'refused', reason, letOut: [] });
  });
});

import { describe, expect, it } from '@jest/globals';
import { askedOfPerson, explainAsk } from './asked-of-person.ts';

const unit = 'deploy/production/shop';

describe('askedOfPerson', () => {
  it.each([
    { name: unit, status: 'waiting', reason: 'health_unclear', asked: 'answer' },
    { name: unit, status: 'waiting', reason: 'target_blocked', asked: 'resolve' },
    { name: unit, status: 'unknown', reason: 'target_blocked', asked: 'resolve' },
    { name: 'rollback/production/shop', status: 'unknown', reason: 'target_unreachable', asked: 'resolve' },
    { name: unit, status: 'waiting', reason: 'lane', asked: null },
    { name: unit, status: 'running', reason: 'health_unclear', asked: null },
    { name: unit, status: 'error', reason: 'health_unclear', asked: null },
    { name: 'iac/production', status: 'unknown', reason: 'apply_interrupted', asked: null },
  ] as const)('asks for $asked where $name is $status with $reason', ({ name, status, reason, asked }) => {
    expect(askedOfPerson(name, { status, reason })).toBe(asked);
  });
});

describe('explainAsk', () => {
  it('says how to answer, how to resolve, and nothing where nothing is asked', () => {
    expect(explainAsk(unit, aRun('waiting', 'health_unclear'))).toContain('/api/v1/runs/run-1/approve');
    expect(explainAsk(unit, aRun('unknown', 'x'))).toBe('After a look: orchestra resolve acme/shop production shop');
    expect(explainAsk(unit, aRun('success', null))).toBeNull();
    expect(explainAsk('build', aRun('success', null))).toBeNull();
  });
});

function aRun(status: 'waiting' | 'unknown' | 'success', reason: string | null) {
  const state = { generation: 1, status, reason, message: null, at: '', startedAt: null, endedAt: null };
  return { runId: 'run-1', repository: 'acme/shop', units: { [unit]: state } };
}

import { describe, expect, it } from '@jest/globals';
import { askedOfPerson, explainAsk } from './asked-of-person.ts';
import type { InfrastructureSlice, PlanQuestion } from './slices.ts';

const unit = 'deploy/production/shop';

describe('askedOfPerson', () => {
  it.each([
    { name: unit, status: 'waiting', reason: 'health_unclear', asked: 'answer' },
    { name: unit, status: 'waiting', reason: 'approval', asked: 'answer' },
    { name: unit, status: 'waiting', reason: 'target_blocked', asked: 'resolve' },
    { name: unit, status: 'unknown', reason: 'target_blocked', asked: 'resolve' },
    { name: 'rollback/production/shop', status: 'unknown', reason: 'target_unreachable', asked: 'resolve' },
    { name: unit, status: 'waiting', reason: 'lane', asked: null },
    { name: unit, status: 'running', reason: 'health_unclear', asked: null },
    { name: unit, status: 'error', reason: 'health_unclear', asked: null },
    { name: 'iac/production', status: 'unknown', reason: 'apply_interrupted', asked: 'resolve' },
    { name: 'iac/production', status: 'waiting', reason: 'infrastructure_blocked', asked: 'resolve' },
    { name: 'iac/production', status: 'waiting', reason: 'plan_approval', asked: 'answer' },
    { name: 'build', status: 'unknown', reason: 'apply_interrupted', asked: null },
  ] as const)('asks for $asked where $name is $status with $reason', ({ name, status, reason, asked }) => {
    expect(askedOfPerson(name, { status, reason })).toBe(asked);
  });
});

describe('explainAsk', () => {
  it('says how to answer, how to resolve, and nothing where nothing is asked', () => {
    expect(explainAsk(unit, aRun('waiting', 'health_unclear'))).toContain('/api/v1/runs/run-1/approve');
    expect(explainAsk(unit, aRun('waiting', 'approval'))).toBe(
      'To answer: orchestra approve run-1 --environment production, or with --reject',
    );
    expect(explainAsk(unit, aRun('unknown', 'x'))).toBe('After a look: orchestra resolve acme/shop production shop');
    expect(explainAsk(unit, aRun('success', null))).toBeNull();
    expect(explainAsk('build', aRun('success', null))).toBeNull();
  });
});

describe('explainAsk of infrastructure', () => {
  const iac = 'iac/production';
  const question = { digest: 'sha256:1', approvers: ['ada', 'grace'], until: '2026-01-01T00:00:00Z' };

  it('says who may answer until when, and with which digest', () => {
    const run = { ...aRun('waiting', 'plan_approval', iac), slices: { iac: { production: aSlice(question) } } };

    expect(explainAsk(iac, run)).toBe(
      'To answer as ada or grace until 2026-01-01T00:00:00Z: POST /api/v1/runs/run-1/approve or …/reject with {"unit": "iac/production", "digest": "sha256:1"}',
    );
  });

  it('says how to resolve what nobody knows', () => {
    expect(explainAsk(iac, aRun('unknown', 'apply_interrupted', iac))).toContain('"resolution": "happened"');
  });
});

function aSlice(question: PlanQuestion): InfrastructureSlice {
  const counts = { toAdd: 0, toChange: 0, toDestroy: 1, destroys: ['a'], outputs: {} };
  return { tool: 'tofu', phase: 'waiting', generation: 1, planDigest: null, ...counts, question };
}

function aRun(status: 'waiting' | 'unknown' | 'success', reason: string | null, name = unit) {
  const state = { generation: 1, status, reason, message: null, at: '', startedAt: null, endedAt: null };
  return { runId: 'run-1', repository: 'acme/shop', units: { [name]: state } };
}

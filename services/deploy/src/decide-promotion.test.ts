import { describe, expect, it } from '@jest/globals';
import { planUnits, type Plan, type Status, type UnitState } from '@orchestra/contracts';
import { decidePromotion } from './decide-promotion.ts';

const deployment = { environments: ['staging', 'production'], services: [{ name: 'a' }, { name: 'b' }] };
const plannedUnits = planUnits({
  plan: { deployment: deployment as unknown as Plan['deployment'], gateDeadlineMs: 1 },
  environmentLimit: null,
});

function decide(status: Status | null, change: { reason?: string; environment?: string; generation?: number } = {}) {
  const { reason = null, environment = 'production', generation = 2 } = change;
  const unit = (name: string, state: Status): [string, UnitState] => [
    name,
    { generation: 2, status: state, reason, message: null, at: '', startedAt: null, endedAt: null },
  ];
  const units = Object.fromEntries([
    unit('deploy/production/a', 'success'),
    ...(status === null ? [] : [unit('deploy/production/b', status)]),
  ]);
  return decidePromotion({ run: { plannedUnits, units, generation: 2 }, environment, generation });
}

describe('decidePromotion', () => {
  it('makes all services of the environment anew once all have ended', () => {
    expect(decide('failure')).toEqual({ kind: 'remake', units: ['deploy/production/a', 'deploy/production/b'] });
  });

  it.each([
    { decision: decide('failure', { environment: 'elsewhere' }), reason: 'not_planned' },
    { decision: decide('failure', { generation: 1 }), reason: 'other_generation' },
    { decision: decide('waiting', { reason: 'approval' }), reason: 'needs_approval' },
    { decision: decide('running'), reason: 'still_open' },
    { decision: decide(null), reason: 'still_open' },
  ])('refuses with $reason', ({ decision, reason }) => {
    expect(decision).toEqual({ kind: 'refuse', reason });
  });
});

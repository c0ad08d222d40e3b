import { describe, expect, it } from '@jest/globals';
import type { PlannedUnit, RunState, Status, UnitState } from '@orchestra/contracts';
import { decideRetry } from './retry-command.ts';

const planned: PlannedUnit[] = [
  unit('build', 'build', []),
  unit('code_analysis/source', 'code-analysis', []),
  unit('test', 'test', ['build']),
  { ...unit('iac/production', 'iac', ['test', 'code_analysis/source']), gate: ['test', 'code_analysis/source'] },
];

describe('decideRetry', () => {
  it('makes a unit anew and everything behind it, and nothing beside it', () => {
    const decision = decide({ build: 'success', test: 'failure', 'iac/production': 'skipped' }, 'test');

    expect(decision).toEqual({ kind: 'retry', remade: ['test', 'iac/production'], roots: ['test'] });
  });

  it('makes halted siblings anew too', () => {
    const run = aRun({ build: 'failure', test: 'skipped', 'code_analysis/source': 'cancelled' });
    const source = run.units['code_analysis/source'];
    if (source) source.reason = 'halted';

    const decision = decideRetry({ run, service: 'build', unit: 'build', generation: null, force: false });

    expect(decision).toMatchObject({ kind: 'retry', roots: ['build', 'code_analysis/source'] });
  });

  it('starts a stage with a gate through its gate, never past it', () => {
    const decision = decide({ 'iac/production': 'failure' }, 'iac/production');

    expect(decision).toEqual({ kind: 'retry', remade: ['iac/production'], roots: [] });
  });

  it.each([
    { when: 'the plan does not know the unit', unit: 'deploy/x/y', status: 'failure', reason: 'not_planned' },
    { when: 'the unit still works', unit: 'test', status: 'running', reason: 'still_open' },
    { when: 'the unit passed', unit: 'test', status: 'success', reason: 'passed_needs_force' },
    { when: 'another service owns the unit', unit: 'build', status: 'failure', reason: 'not_ours' },
  ] as const)('refuses when $when', ({ unit: name, status, reason }) => {
    const run = aRun({ [name]: status });

    const decision = decideRetry({ run, service: 'test', unit: name, generation: null, force: false });

    expect(decision).toEqual({ kind: 'refuse', reason });
  });

  it('repeats what passed when it is forced', () => {
    const run = aRun({ test: 'success' });

    expect(decideRetry({ run, service: 'test', unit: 'test', generation: 1, force: true }).kind).toBe('retry');
  });

  it('refuses an order that was given for an older generation', () => {
    const run = { ...aRun({ test: 'failure' }), generation: 2 };

    const decision = decideRetry({ run, service: 'test', unit: 'test', generation: 1, force: false });

    expect(decision).toEqual({ kind: 'refuse', reason: 'other_generation' });
  });
});

function unit(name: string, service: PlannedUnit['service'], after: readonly string[]): PlannedUnit {
  return { unit: name, service, after, gate: null, gateDeadlineMs: 1000 };
}

type Facts = Pick<RunState, 'plannedUnits' | 'generation' | 'wishes'> & { units: Record<string, UnitState> };

function aRun(statuses: Readonly<Record<string, Status>>): Facts {
  const at = '2026-01-01T00:00:00.000Z';
  const units = Object.entries(statuses).map(([name, status]): [string, UnitState] => [
    name,
    { generation: 1, status, reason: null, message: null, at, startedAt: null, endedAt: null },
  ]);
  return { plannedUnits: planned, units: Object.fromEntries(units), generation: 1, wishes: [] };
}

function decide(statuses: Readonly<Record<string, Status>>, name: string) {
  const service = planned.find((each) => each.unit === name)?.service ?? 'build';
  return decideRetry({ run: aRun(statuses), service, unit: name, generation: null, force: false });
}

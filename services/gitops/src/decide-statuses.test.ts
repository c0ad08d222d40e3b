import { describe, expect, it } from '@jest/globals';
import { outcomes, planUnits, type RunState, type Status, type UnitState } from '@orchestra/contracts';
import { aRun } from '@orchestra/testkit';
import { decideStatuses } from './decide-statuses.ts';

const plannedUnits = planUnits({ plan: { deployment: null, gateDeadlineMs: 1000 }, environmentLimit: null });

function unit(status: Status, message: string | null = null): UnitState {
  return { generation: 1, status, reason: null, message, at: '', startedAt: null, endedAt: null };
}

function show(units: Record<string, UnitState>, change: Partial<RunState> = {}): Record<string, string> {
  const statuses = decideStatuses(aRun({ plannedUnits, units, ...change }));
  return Object.fromEntries(statuses.map(({ context, state, description }) => [context, `${state}: ${description}`]));
}

function all(status: Status): Record<string, UnitState> {
  return Object.fromEntries(plannedUnits.map((planned) => [planned.unit, unit(status)]));
}

describe('decideStatuses', () => {
  it('shows each stage and the whole run', () => {
    expect(show({ gitops: unit('success'), build: unit('running') })).toEqual({
      'orchestra/gitops': 'success: Passed',
      'orchestra/build': 'pending: Running',
      'orchestra/code-analysis': 'pending: source: Queued',
      'orchestra/test': 'pending: Queued',
      orchestra: 'pending: Run 1 running: build, code_analysis/source, code_analysis/artifact, test',
    });
  });

  it('is green in all only when all passed', () => {
    const statuses = show({ ...all('success'), 'code_analysis/artifact': unit('not_needed', 'No scanner') });

    expect(Object.values(statuses).every((text) => text.startsWith('success'))).toBe(true);
  });

  it.each(outcomes.filter((status) => status !== 'success' && status !== 'not_needed'))(
    'never shows green for a stage that ended as %s, nor for its run',
    (status) => {
      const statuses = show({ ...all('success'), test: unit(status) });

      expect(statuses['orchestra/test']).not.toMatch(/^success/);
      expect(statuses['orchestra']).not.toMatch(/^success/);
    },
  );

  it('shows a bad unit at once, while its sibling still works', () => {
    const statuses = show({
      'code_analysis/source': unit('failure', '3 errors'),
      'code_analysis/artifact': unit('running'),
    });

    expect(statuses['orchestra/code-analysis']).toBe('failure: source: Failed: 3 errors');
  });

  it('puts the problem of the pipeline file into the status of the run', () => {
    const message = 'devops_orchestra.yaml:3:5: Unknown key "projekt"';
    const statuses = show({ ...all('skipped'), gitops: unit('failure', message) });

    expect(statuses['orchestra']).toBe(`failure: Run 1 failure: ${message}`);
  });

  it('shows the run even before its plan is known', () => {
    expect(show({ gitops: unit('running') }, { plannedUnits: [] })).toEqual({
      orchestra: 'pending: Run 1 running: gitops',
    });
  });
});

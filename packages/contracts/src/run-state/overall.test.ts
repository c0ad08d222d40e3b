import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeRun } from './overall.ts';
import type { PlannedUnit, UnitState, Wish, WishKind } from './run.ts';
import { outcomes, type Status } from './status.ts';

const statuses: Status[] = ['queued', 'running', 'waiting', ...outcomes];
const wishKinds: WishKind[] = ['cancel', 'superseded', 'halted', 'deadline', 'stalled'];

describe('judgeRun', () => {
  it('calls a run queued before anything is planned', () => {
    expect(judgeRun(aRun({}))).toEqual({ kind: 'open', status: 'queued', reason: '' });
  });

  it('counts a planned unit that nobody has picked up as open', () => {
    const run = aRun({ build: 'success' }, { planned: ['build', 'test'] });

    expect(judgeRun(run)).toEqual({ kind: 'open', status: 'running', reason: 'test' });
  });

  it.each([
    { units: { build: 'success', iac: 'not_needed' }, status: 'success' },
    { units: { build: 'failure', test: 'skipped' }, status: 'failure' },
    { units: { build: 'error', test: 'skipped' }, status: 'error' },
    { units: { build: 'success', iac: 'timed_out', deploy: 'skipped' }, status: 'timed_out' },
    { units: { build: 'cancelled' }, status: 'cancelled' },
    { units: { deploy: 'unknown', test: 'failure' }, status: 'unknown' },
    { units: { 'deploy/production/shop': 'failure', 'rollback/production/shop': 'success' }, status: 'rolled_back' },
    // Taken back once its run had ended: that is said of the release, and changes no outcome.
    { units: { 'deploy/production/shop': 'success', 'rollback/production/shop': 'success' }, status: 'success' },
    { units: { 'deploy/production/shop': 'failure', 'rollback/production/shop': 'error' }, status: 'failure' },
  ] as const)('ends a run of $units as $status', ({ units, status }) => {
    expect(judgeRun(aRun(units))).toMatchObject({ kind: 'ended', status });
  });

  it.each([
    { wish: 'superseded', status: 'superseded' },
    { wish: 'cancel', status: 'cancelled' },
    { wish: 'deadline', status: 'timed_out' },
  ] as const)('says $status after the wish $wish', ({ wish, status }) => {
    const run = aRun({ build: 'cancelled' }, { wishes: [wish] });

    expect(judgeRun(run)).toMatchObject({ kind: 'ended', status });
  });

  it('says timed out at the deadline even when nobody answers', () => {
    expect(judgeRun(aRun({ build: 'queued' }, { wishes: ['deadline'] }))).toMatchObject({ status: 'timed_out' });
  });

  it('names the unit that waits for a person', () => {
    const run = aRun({ 'deploy/p/shop': 'waiting' }, { reason: 'health_unclear' });
    const reason = 'deploy/p/shop: health_unclear';

    expect(judgeRun(run)).toEqual({ kind: 'open', status: 'waiting_for_person', reason });
  });

  it('says nothing of a rollback that a retry has left behind', () => {
    const run = aRun({ 'deploy/p/shop': 'failure', 'rollback/p/shop': 'success' });
    const retried = run.units['deploy/p/shop'];
    const units = { ...run.units, ...(retried && { 'deploy/p/shop': { ...retried, generation: 2 } }) };

    expect(judgeRun({ ...run, units, generation: 2 })).toMatchObject({ kind: 'ended', status: 'failure' });
  });

  it('does not let a wish of an older generation end a retried run', () => {
    const run = { ...aRun({ build: 'running' }, { wishes: ['cancel'] }), generation: 2 };

    expect(judgeRun(run)).toMatchObject({ kind: 'open', status: 'running' });
  });

  it('judges every combination, and success needs every unit to have passed', () => {
    const units = fc.dictionary(fc.constantFrom('build', 'test', 'iac', 'rollback/a/b'), fc.constantFrom(...statuses));
    fc.assert(
      fc.property(units, fc.subarray(wishKinds), (given, wishes) => {
        const judged = judgeRun(aRun(given, { wishes }));

        const passed = Object.values(given).every((status) => status === 'success' || status === 'not_needed');
        expect(judged.status !== 'success' || passed).toBe(true);
        expect(judged.reason).toEqual(expect.any(String));
      }),
    );
  });
});

interface Given {
  planned?: string[];
  wishes?: readonly WishKind[];
  reason?: string;
}

function aRun(statuses_: Readonly<Record<string, Status>>, given: Given = {}) {
  const at = '2026-01-01T00:00:00.000Z';
  const times = { at, startedAt: null, endedAt: null };
  const units = Object.fromEntries(
    Object.entries(statuses_).map(([unit, status]): [string, UnitState] => [
      unit,
      { generation: 1, status, reason: given.reason ?? null, message: null, ...times },
    ]),
  );
  const plannedUnits = (given.planned ?? Object.keys(statuses_).filter((unit) => !unit.startsWith('rollback/'))).map(
    (unit): PlannedUnit => ({ unit, service: 'build', after: [], gate: null, gateDeadlineMs: 1000 }),
  );
  const wishes = (given.wishes ?? []).map((wish): Wish => ({
    wish,
    generation: 1,
    units: null,
    reason: 'test',
    actor: null,
    at,
  }));
  return { units, plannedUnits, wishes, generation: 1, endedAt: null };
}

import { describe, expect, it } from '@jest/globals';
import { decideRollback, type Facts, type Request } from './decide.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const minuteMs = 60_000;
const settings = { enabled: true, cooldownMs: 10 * minuteMs, budgetPerDay: 2 };
const facts: Facts = {
  now,
  current: 'r2',
  unfinished: null,
  seizure: null,
  blocked: false,
  fixUnderWay: false,
  restoredAt: null,
  closedWayBack: null,
  hasEarlier: true,
  healthyBefore: 'r1',
  restorable: true,
  automatic: [],
};
const alert: Request = {
  release: 'r2',
  cause: 'event-2',
  raisedAt: now,
  by: { kind: 'alert', attribution: 'RELEASE' },
};
const canary = { ...facts, current: 'r1', unfinished: 'r2' };
const order: Request = { ...alert, by: { kind: 'person', to: null } };
const failure: Request = { ...alert, by: { kind: 'failed_rollout' } };

function rolledBack(from: string, minutesAgo: number) {
  return { from, at: now - minutesAgo * minuteMs };
}

describe('decideRollback', () => {
  it('restores the healthy release before the one that raised the alarm', () => {
    expect(decideRollback(alert, facts, settings)).toEqual({ kind: 'restore', to: 'r1', reason: 'threshold_breached' });
  });

  it.each([
    {
      reason: 'nothing_healthy_before',
      when: 'nothing came before',
      given: { healthyBefore: null, hasEarlier: false },
    },
    { reason: 'previous_also_bad', when: 'what came before is bad as well', given: { healthyBefore: null } },
    { reason: 'fix_under_way', when: 'someone is deploying a fix', given: { unfinished: 'r3', fixUnderWay: true } },
    {
      reason: 'schema_migration',
      when: 'the schema has moved on',
      given: { closedWayBack: 'schema_migration' as const },
    },
    { reason: 'marked_unsafe', when: 'the file says so', given: { closedWayBack: 'marked_unsafe' as const } },
    { reason: 'stale_alert', when: 'it was raised before it was restored', given: { restoredAt: now + 1 } },
    { reason: 'not_current', when: 'it serves no longer', given: { current: 'r3' } },
    { reason: 'not_eligible', when: 'what came before cannot be started any more', given: { restorable: false } },
    { reason: 'blocked', when: 'the target is blocked', given: { blocked: true } },
    {
      reason: 'budget_spent',
      when: 'this release was rolled back before',
      given: { automatic: [rolledBack('r2', 600)] },
    },
    {
      reason: 'budget_spent',
      when: 'the budget of the day is spent',
      given: { automatic: [rolledBack('r0', 600), rolledBack('ra', 700)] },
    },
    {
      reason: 'cooling_down',
      when: 'another one was rolled back just now',
      given: { automatic: [rolledBack('r0', 5)] },
    },
  ])('refuses as $reason when $when', ({ given, reason }) => {
    expect(decideRollback(alert, { ...facts, ...given }, settings)).toEqual({ kind: 'refuse', reason });
  });

  it('counts no rollbacks of the day before', () => {
    const yesterday = [rolledBack('r0', 24 * 60), rolledBack('ra', 25 * 60)];

    expect(decideRollback(alert, { ...facts, automatic: yesterday }, settings)).toMatchObject({ kind: 'restore' });
  });

  it('takes a member back with its group, whatever was rolled back before', () => {
    const group: Request = { ...alert, by: { kind: 'group' } };
    const spent = { ...facts, automatic: [rolledBack('r0', 1), rolledBack('ra', 2), rolledBack('r2', 3)] };

    expect(decideRollback(group, spent, settings)).toEqual({ kind: 'restore', to: 'r1', reason: 'group_failed' });
  });

  it('refuses when it is switched off', () => {
    expect(decideRollback(alert, facts, { ...settings, enabled: false })).toEqual({
      kind: 'refuse',
      reason: 'disabled',
    });
  });

  it.each(['ELSEWHERE', 'UNRECOGNIZED'] as const)(
    'refuses an alert whose cause is %s, also for a canary',
    (attribution) => {
      const elsewhere: Request = { ...alert, by: { kind: 'alert', attribution } };

      expect(decideRollback(elsewhere, canary, settings)).toEqual({ kind: 'refuse', reason: 'not_attributed' });
    },
  );

  it('always aborts an unfinished rollout, whatever protects releases', () => {
    const spent = {
      ...canary,
      closedWayBack: 'schema_migration' as const,
      automatic: [rolledBack('r0', 1), rolledBack('r1', 2), rolledBack('r2', 3)],
    };

    expect(decideRollback(alert, spent, { ...settings, enabled: false })).toMatchObject({ kind: 'restore', to: 'r1' });
    expect(decideRollback(failure, spent, { ...settings, enabled: false })).toMatchObject({
      kind: 'restore',
      reason: 'rollout_failed',
    });
  });

  it('leaves a failed rollout alone that has lost its lane', () => {
    expect(decideRollback(failure, facts, settings)).toEqual({ kind: 'refuse', reason: 'not_current' });
  });

  it('carries out after a crash what it had decided, although the facts have changed', () => {
    const seizure = { cause: 'event-2', from: 'r2', to: 'r0', reason: 'threshold_breached' };
    const resumed = { ...facts, seizure, healthyBefore: null, automatic: [rolledBack('r2', 1)] };

    expect(decideRollback(alert, resumed, settings)).toEqual({ kind: 'restore', to: 'r0', reason: 'resumed' });
  });

  it('obeys a person against budget, cool-down, settings and a blocked target', () => {
    const spent = {
      ...facts,
      blocked: true,
      closedWayBack: 'marked_unsafe' as const,
      automatic: [rolledBack('r2', 1), rolledBack('r0', 2)],
    };

    expect(decideRollback(order, spent, { ...settings, enabled: false })).toEqual({
      kind: 'restore',
      to: 'r1',
      reason: 'ordered',
    });
  });

  it('obeys a person who would rather go back than wait for the fix', () => {
    const fixed = { ...facts, unfinished: 'r3', fixUnderWay: true };

    expect(decideRollback(order, fixed, settings)).toMatchObject({ kind: 'restore', to: 'r1' });
  });

  it('takes a person to the version that was asked for', () => {
    const asked: Request = { ...order, by: { kind: 'person', to: 'r0' } };

    expect(decideRollback(asked, facts, settings)).toMatchObject({ kind: 'restore', to: 'r0' });
  });

  it.each([
    { reason: 'not_current', given: { current: 'r3' } },
    { reason: 'nothing_healthy_before', given: { healthyBefore: null, hasEarlier: false } },
    { reason: 'previous_also_bad', given: { healthyBefore: null } },
    { reason: 'not_eligible', given: { restorable: false } },
  ])('refuses a person what cannot be done: $reason', ({ given, reason }) => {
    expect(decideRollback(order, { ...facts, ...given }, settings)).toEqual({ kind: 'refuse', reason });
  });
});

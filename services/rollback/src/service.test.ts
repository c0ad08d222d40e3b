import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { aContext, receive } from '@orchestra/testkit';
import { concludeRollback } from './roll-back.ts';
import { alert, givenWorld, place } from './world.fixture.ts';

const breach = { metric: 'error_ratio', value: 0.2, threshold: 0.05, baseline: 0.01 };

describe('the rollback service', () => {
  it('answers an alert: seizes with quarantine, gives the traffic back, cleans up, tells', async () => {
    const { service, around, state } = givenWorld();
    const epoch = state.target.epoch + 1;

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...around });

    expect(state.writes).toMatchObject([
      {
        expected: 7,
        target: { epoch, lane: null, seizure: { from: 'r2', to: 'r1' } },
        quarantine: [
          { key: 'sha256:2', alertId: expect.any(String), breach },
          { key: 'commit-2', breach },
        ],
      },
    ]);
    expect(state.done).toEqual([`give back to r1 at ${epoch}`, 'retire r2,r3']);
    expect(result).toMatchObject({
      status: 'success',
      notes: ['release_unsandboxed'],
      events: [{ data: { outcome: 'SUCCESS', fromRelease: 'r2', toRelease: 'r1', epoch, quarantined: true } }],
      target: { expected: 8, target: { seizure: null, current: 'r1', rollbacks: [{ from: 'r2' }] } },
      decided: [
        {
          what: 'rollback decided',
          reason: 'threshold_breached',
          facts: { decision: { kind: 'restore', to: 'r1' }, healthyBefore: 'r1' },
        },
        { what: 'decision packet written' },
      ],
    });
  });

  it('decides again when the target has moved under it', async () => {
    const { service, around } = givenWorld();
    const stale = { ...around, changeTarget: async () => 'target_moved' as const };

    expect(await receive(service, { topic: 'observability_alert', data: alert, ...stale })).toEqual({ kind: 'again' });
  });

  it('goes on with its own seizure after a crash, without a second one', async () => {
    const { service, around, state } = givenWorld();
    await receive(service, { topic: 'observability_alert', data: alert, ...around });

    await receive(service, { topic: 'observability_alert', data: alert, ...around });

    expect(state.writes).toHaveLength(1);
    expect(state.done.filter((step) => step.startsWith('give back'))).toHaveLength(2);
  });

  it('lets a second alert for the same release join without an effect of its own', async () => {
    const { service, around, state } = givenWorld();
    await receive(service, { topic: 'observability_alert', data: alert, ...around });
    const doneBefore = [...state.done];

    const second = await receive(service, {
      topic: 'observability_alert',
      data: alert,
      event: { id: 'another' },
      ...around,
    });

    expect(second).toMatchObject({ kind: 'end', status: null, events: [] });
    expect(state.done).toEqual(doneBefore);
  });

  it('refuses with the reason, which is no failure of the run', async () => {
    const { service, around, state } = givenWorld();

    const result = await receive(service, {
      topic: 'observability_alert',
      data: { ...alert, release: 'r0' },
      ...around,
    });

    expect(result).toMatchObject({
      status: 'not_needed',
      events: [{ data: { outcome: 'SKIPPED', reason: 'not_current', toRelease: null } }],
    });
    expect(state.writes).toEqual([]);
  });

  it('blocks the target and calls people when the old release does not come up', async () => {
    const { service, around } = givenWorld({
      giveBack: () => Promise.reject(new OrchestraError('RELEASE_NOT_READY', 'r1 keeps ending')),
    });

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...around });

    expect(result).toMatchObject({
      status: 'error',
      events: [{ data: { outcome: 'ERROR', reason: 'restore_failed' } }],
      target: { target: { blocked: { reason: 'r1 keeps ending' }, seizure: { from: 'r2' } } },
    });
  });

  // In the same run the other one ends the unit.
  it.each([
    ['run-2', null],
    ['run-9', 'not_needed'],
  ])('says that it was overtaken by a rollback of %s, and ends as %s', async (runId, status) => {
    const { service, around, state } = givenWorld({
      giveBack: async () => {
        const seizure = state.target.seizure;
        if (seizure !== null) state.target = { ...state.target, seizure: { ...seizure, cause: 'a person', runId } };
        throw new OrchestraError('TARGET_REFUSED', 'older epoch');
      },
    });

    const result = await receive(service, { topic: 'observability_alert', data: alert, ...around });

    expect(result).toMatchObject({ status, events: [{ data: { outcome: 'SKIPPED', reason: 'overtaken' } }] });
  });

  it('leaves an effect that nobody answered to a person', async () => {
    const { ports, around, state } = givenWorld();
    const by = { cause: 'event-1', runId: 'run-2', jobId: 'j', reason: 'x', byPerson: false };
    const seizure = { ...by, from: 'r2', to: 'r1', epoch: 9, at: 'now', ousted: null };
    state.target = { ...state.target, lane: null, seizure };
    const asked = {
      ...place,
      release: 'r2',
      cause: 'event-1',
      raisedAt: 0,
      compared: [],
      by: { kind: 'failed_rollout' as const },
    };
    const conclusion = { status: 'error', reason: 'target_unreachable', message: 'no answer' } as const;

    const end = await concludeRollback(conclusion, asked, { context: aContext('rollback', around), ports });

    expect(end).toMatchObject({
      status: 'unknown',
      events: [{ data: { outcome: 'UNKNOWN' } }],
      target: { target: { blocked: { reason: 'no answer' } } },
    });
  });

  it('is not asked by phases that are no failure, nor by its own refusal', async () => {
    const { service, around } = givenWorld();
    const base = {
      outcome: null,
      environment: 'production',
      service: 'web',
      release: 'r2',
      version: null,
      previousRelease: 'r1',
      epoch: 4,
    };
    const data = {
      ...base,
      strategy: 'CANARY',
      step: 1,
      steps: 2,
      weightPercent: 10,
      url: null,
      causes: [],
      objects: null,
    } as const;

    expect(
      await receive(service, {
        topic: 'deployment_triggered',
        data: { ...data, phase: 'STEP', reason: null },
        ...around,
      }),
    ).toBeNull();
    expect(
      await receive(service, {
        topic: 'deployment_triggered',
        data: { ...data, phase: 'FAILED', reason: 'rollback_refused' },
        ...around,
      }),
    ).toBeNull();
    expect(
      await receive(service, {
        topic: 'deployment_triggered',
        data: { ...data, phase: 'FAILED', reason: 'release_not_ready' },
        ...around,
      }),
    ).toMatchObject({ status: 'success', reason: 'rollout_failed' });
  });
});

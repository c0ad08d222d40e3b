import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { aRun, receive } from '@orchestra/testkit';
import { aCanary, alert, givenWorld, released } from './world.fixture.ts';

/** A run that changed these files. */
function runThatChanged(...paths: string[]): Partial<RunState> {
  const changedFiles = paths.map((path) => ({ path, addedLines: 1, deletedLines: 0 }));
  const nothing = {
    planDigest: null,
    snapshotDigest: null,
    baseCommit: null,
    problems: [],
    warnings: [],
    licenses: [],
  };
  return { runId: 'run-2', slices: { ...aRun().slices, gitops: { source: { ...nothing, changedFiles } } } };
}

describe('a rollback over a schema migration', () => {
  const run = runThatChanged('src/shop.ts', 'db/migrate/20260101_add_price.rb');

  it('is refused with the reason, and nothing moves', async () => {
    const { service, around, state } = givenWorld({ target: released(aCanary(), 2) });

    const result = await receive(service, { ...around, topic: 'observability_alert', data: alert, run });

    expect(result).toMatchObject({
      status: 'not_needed',
      reason: 'schema_migration',
      events: [{ data: { outcome: 'SKIPPED', reason: 'schema_migration' } }],
    });
    expect([state.writes, state.done]).toEqual([[], []]);
  });

  it('is done where the pipeline file says that it is safe', async () => {
    const { service, around } = givenWorld({ target: released(aCanary(), 2), rollback: { safe: true } });

    const result = await receive(service, { ...around, topic: 'observability_alert', data: alert, run });

    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
  });

  it('does not keep a canary in the traffic', async () => {
    const { service, around } = givenWorld();

    const result = await receive(service, { ...around, topic: 'observability_alert', data: alert, run });

    expect(result).toMatchObject({ status: 'success', events: [{ data: { toRelease: 'r1' } }] });
  });
});

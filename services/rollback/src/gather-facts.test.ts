import { describe, expect, it } from '@jest/globals';
import { createTarget, type RunState, type Target } from '@orchestra/contracts';
import { aContext, aRun } from '@orchestra/testkit';
import { gatherFacts, gatherWork, type Asked } from './gather-facts.ts';
import { givenWorld, place, released, takeAndStep } from './world.fixture.ts';

const { environment, service } = place;
const by = { kind: 'alert', attribution: 'RELEASE' } as const;
const asked: Asked = { environment, service, release: 'r3', cause: 'event-1', raisedAt: 0, by, compared: [] };
const at = (hour: number) => `2026-01-01T0${hour}:00:00.000Z`;
const rolledBack = { from: 'r2', to: 'r1', cause: 'event-0', at: at(1), byPerson: false, ousted: null };

/** A target in which three runs released one after the other; r3 serves. */
function afterThree(): Target {
  let target = createTarget(place);
  for (const sequence of [1, 2, 3]) target = released(takeAndStep(target, sequence), sequence);
  return target;
}

/** The facts that an alert about r3 is decided on, with what is in quarantine. */
async function factsOf(target: Target, quarantined: readonly string[] = []) {
  const world = givenWorld({ target });
  const why = { reason: 'threshold_breached', alertId: 'a', at: at(0) };
  world.state.quarantined = quarantined.map((key) => {
    return { repository: place.repository, key, runId: 'run-1', release: 'r9', ...why };
  });
  return gatherFacts(await gatherWork(asked, aContext('rollback', world.around), world.ports));
}

/** A run that changed one file, or of which that is not known. */
function aRunOf(sequence: number, path: string | null): RunState {
  const changedFiles = path === null ? null : [{ path, addedLines: 1, deletedLines: 0 }];
  const source = { planDigest: null, snapshotDigest: null, baseCommit: null, problems: [], warnings: [], licenses: [] };
  const run = aRun({ runId: `run-${sequence}`, sequence });
  return { ...run, slices: { ...run.slices, gitops: { source: { ...source, changedFiles } } } };
}

/** The fourth run's rollout beside r3. */
function withRollout(change: { sequence?: number; byPerson?: boolean }): Target {
  const target = takeAndStep(afterThree(), 4);
  if (target.lane === null) throw new Error('it has the lane');
  return { ...target, lane: { ...target.lane, ...change } };
}

describe('gatherFacts', () => {
  it('counts as automatic what no person has ordered, of releases that served', async () => {
    const ordered = { ...rolledBack, byPerson: true };
    const canary = { ...rolledBack, from: 'r9' };

    const { automatic } = await factsOf({ ...afterThree(), rollbacks: [ordered, canary, rolledBack] });

    expect(automatic).toEqual([{ from: 'r2', at: Date.parse(at(1)) }]);
  });

  it('takes for a way back no version that is in quarantine, under whatever name it was released', async () => {
    expect(await factsOf(afterThree())).toMatchObject({ healthyBefore: 'r2' });
    expect(await factsOf(afterThree(), ['sha256:2'])).toMatchObject({ healthyBefore: 'r1' });
    expect(await factsOf(afterThree(), ['sha256:2', 'sha256:1'])).toMatchObject({ healthyBefore: null });
  });

  it.each([
    { what: 'a newer rollout', rollout: {}, isFix: true },
    { what: 'an older rollout', rollout: { sequence: 2 }, isFix: false },
    { what: 'an older rollout that a person has sent', rollout: { sequence: 2, byPerson: true }, isFix: true },
  ])('takes $what for a fix that is under way: $isFix', async ({ rollout, isFix }) => {
    expect(await factsOf(withRollout(rollout))).toMatchObject({ fixUnderWay: isFix });
  });

  it('knows when the release was brought back for the last time', async () => {
    const back = (hour: number) => ({ ...rolledBack, from: 'r9', to: 'r3', at: at(hour) });

    expect(await factsOf(afterThree())).toMatchObject({ restoredAt: null });
    expect(await factsOf({ ...afterThree(), rollbacks: [back(1), back(2), rolledBack] })).toMatchObject({
      restoredAt: Date.parse(at(2)),
    });
  });

  it.each([
    { what: 'the run itself', earlier: ['a.ts', 'b.ts'], own: 'db/migrate/5.rb', closed: 'schema_migration' },
    {
      what: 'a run that gave way to it',
      earlier: ['db/migrate/4.rb', 'b.ts'],
      own: 'c.ts',
      closed: 'schema_migration',
    },
    { what: 'no run since what would serve again', earlier: [null, 'b.ts'], own: 'c.ts', closed: null },
  ])('is closed by a schema migration of $what: $closed', async ({ earlier, own, closed }) => {
    const world = givenWorld({ target: released(takeAndStep(released(takeAndStep(createTarget(place), 2), 2), 5), 5) });
    const runs = [...earlier.map((path, index) => aRunOf(4 - index, path)), aRunOf(1, 'db/migrate/1.rb')];
    const store = { ...world.around.store, listRuns: async ({ limit }: { limit: number }) => runs.slice(0, limit) };
    const context = aContext('rollback', { ...world.around, store, run: aRunOf(5, own) });

    const { closedWayBack } = await gatherFacts(await gatherWork({ ...asked, release: 'r2' }, context, world.ports));

    expect(closedWayBack).toBe(closed);
  });

  it('can restore what a cluster pulls, although none of it runs and no artifact is kept', async () => {
    const world = givenWorld({ target: afterThree() });
    world.ports.releases.look = async () => null;
    const context = aContext('rollback', world.around);
    const container = { namespace: 'shop', image: 'shop@sha256:1', port: 80, runId: 'run-1', commit: 'c' };
    const target = afterThree();
    const history = target.history.map((one) => ({ ...one, manifest: { ...one.manifest, container } }));

    const bare = await gatherFacts(await gatherWork(asked, context, world.ports));
    world.state.target = { ...target, history };
    const inCluster = await gatherFacts(await gatherWork(asked, context, world.ports));

    expect([bare.restorable, inCluster.restorable]).toEqual([false, true]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { findCurrent, type LaneRequest, type RunState, type Target } from '@orchestra/contracts';
import { aContext, aPlan, aRun } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import type { Images } from './ports.ts';
import { image, inCluster, releasedOnce } from './released.fixture.ts';
import { toldOf } from './report.ts';
import { tellPreflight } from './tell-preflight.ts';
import { gatherWork } from './work.ts';

interface Before {
  message?: string | null;
  /** The target, in which one release serves. */
  target?: Target;
  /** What the runs between it and this one changed, newest first; null: it is not known. */
  between?: readonly (string | null)[];
}

const now = new Date('2026-01-10T00:00:00Z');

/** What is said before a second release, and which images the registry was asked for. */
async function tell(
  known: Awaited<ReturnType<Images['look']>> | null,
  { message = null, target = releasedOnce(inCluster), between = [] }: Before = {},
) {
  const current = findCurrent(target);
  if (current === null) throw new Error('nothing serves');
  const { manifest, version, commit } = current;
  const asked: string[] = [];
  const look = async (of: string) => {
    asked.push(of);
    return known ?? 'unknown';
  };
  const context = aContext('deploy', {
    now,
    plan: aPlan(),
    job: { unit: 'deploy/production/web' },
    run: { ...aRunOf('src/shop.ts'), sequence: 2 + between.length, message },
    store: {
      readTarget: async (key) => ({ key, version: 1, target: JSON.stringify(target) }),
      listRuns: async () => between.map(aRunOf),
    },
  });
  const work = await gatherWork(context, {
    releases: anUntouchedWorld(),
    ...(known === null ? {} : { images: { look } }),
  });
  const mover = { runId: 'run-2', generation: 1, sequence: 2, jobId: 'j' };
  const how = { strategy: 'canary' as const, weights: [100], byPerson: false, maxSupersedes: 3 };
  const request: LaneRequest = { ...mover, ...how, manifest, version, commit };
  return { preflight: toldOf(await tellPreflight(work, request)).preflight, asked };
}

function aRunOf(path: string | null): RunState {
  const changedFiles = path === null ? null : [{ path, addedLines: 5, deletedLines: 0 }];
  const source = { planDigest: null, snapshotDigest: null, baseCommit: null, problems: [], warnings: [], licenses: [] };
  const run = aRun({ runId: 'run-2', sequence: 2 });
  return { ...run, slices: { ...run.slices, gitops: { source: { ...source, changedFiles } } } };
}

function daysAgo(days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString();
}

describe('the pre-flight of a release in a cluster', () => {
  it('asks the registry for the image of the release before', async () => {
    const { preflight, asked } = await tell('there');

    expect(asked).toEqual([image]);
    expect(preflight).toMatchObject({ eligible: true, to: 'r1' });
    expect(preflight?.terms).not.toContainEqual(expect.objectContaining({ term: 'unknown_image' }));
  });

  it('says that there is no way back to an image that is gone', async () => {
    expect((await tell('gone')).preflight).toMatchObject({ eligible: false, reason: 'artifact_gone' });
  });

  it.each(['unknown', null] as const)('says that nobody knows it where the registry says %s', async (known) => {
    const { preflight } = await tell(known);

    expect(preflight).toMatchObject({ eligible: true, reason: 'can_go_back' });
    expect(preflight?.terms).toContainEqual({ term: 'unknown_image', points: 10 });
  });

  it('heeds the labels of the commit', async () => {
    const { preflight } = await tell('there', {
      message: 'Prices\n\nSchema-Migration: yes\nConfig-Change: yes',
    });

    expect(preflight).toMatchObject({ eligible: false, reason: 'schema_migration' });
    expect(preflight?.terms).toContainEqual({ term: 'configuration_changed', points: 5 });
  });

  it('says that there is no way back where the objects that came with the release are no longer kept', async () => {
    const objects = { digest: 'sha256:o', rendered: 'sha256:r', services: ['web'] };

    const { preflight, asked } = await tell('there', { target: releasedOnce({ ...inCluster, objects }) });

    expect(preflight).toMatchObject({ eligible: false, reason: 'artifact_gone' });
    expect(asked).toEqual([]);
  });

  it('counts what runs brought that gave way before they were released, each file once', async () => {
    const { preflight } = await tell('there', { between: ['config/a.env', 'config/a.env', 'db/migrate/2.rb'] });

    expect(preflight).toMatchObject({ eligible: false, reason: 'schema_migration', configuration: ['config/a.env'] });
    // Twenty lines in three files.
    expect(preflight?.terms).toContainEqual({ term: 'changed_lines', points: 7 });
  });

  it('does not know what changed where one of them does not tell', async () => {
    const { preflight } = await tell('there', { between: ['src/a.ts', null] });

    expect(preflight).toMatchObject({ eligible: true });
    expect(preflight?.terms).toContainEqual({ term: 'unknown_changes', points: 10 });
  });

  it('counts the rollbacks of the last seven days', async () => {
    const back = { from: 'r9', to: 'r1', cause: 'event-0', byPerson: false, ousted: null };
    const rollbacks = [1, 8, 9].map((days) => ({ ...back, at: daysAgo(days) }));

    const { preflight } = await tell('there', { target: { ...releasedOnce(inCluster), rollbacks } });

    expect(preflight?.terms).toContainEqual({ term: 'recent_rollbacks', points: 10 });
  });
});

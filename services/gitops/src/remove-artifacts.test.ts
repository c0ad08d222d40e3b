import { describe, expect, it } from '@jest/globals';
import type { RunState } from '@orchestra/contracts';
import { aContext, aRun, createMemoryArtifacts } from '@orchestra/testkit';
import { removeArtifacts } from './remove-artifacts.ts';

const dayMs = 86_400_000;

describe('removeArtifacts', () => {
  it('removes what neither a run nor a target names, once it is older than a run is kept', async () => {
    const world = await aWorld();

    await world.removeAfter(13 * dayMs);
    expect(await world.left()).toEqual(['forgotten', 'pinned', 'snapshot']);

    await world.removeAfter(15 * dayMs);
    expect(await world.left()).toEqual(['pinned', 'snapshot']);
  });

  it('removes what only expired runs named, and leaves what a target still names', async () => {
    const world = await aWorld();
    world.runs.length = 0;

    await world.removeAfter(15 * dayMs);

    expect(await world.left()).toEqual(['pinned']);
  });

  it('removes nothing for a store that knows nothing', async () => {
    const world = await aWorld();
    world.runs.length = 0;
    world.targets.length = 0;

    await world.removeAfter(15 * dayMs);

    expect(await world.left()).toEqual(['forgotten', 'pinned', 'snapshot']);
  });

  it('looks at every run, however many there are', async () => {
    const world = await aWorld();
    world.runs.unshift(...Array.from({ length: 450 }, (_, index) => aRun({ runId: `run-9${1000 - index}` })));

    await world.removeAfter(15 * dayMs);

    expect(await world.left()).toEqual(['pinned', 'snapshot']);
  });

  it('leaves what was put again meanwhile', async () => {
    const world = await aWorld();
    const [, , forgotten] = world.digests;
    const store = { ...world.artifacts, remove: async () => false };

    await world.removeAfter(15 * dayMs, store);

    expect(await world.artifacts.has(forgotten ?? '')).toBe(true);
  });
});

async function aWorld() {
  const artifacts = createMemoryArtifacts();
  const names = ['snapshot', 'pinned', 'forgotten'];
  const digests: string[] = [];
  for (const name of names) digests.push((await artifacts.put(Buffer.from(name))).digest);
  const [snapshotDigest = null, pinned = ''] = digests;
  const source = { planDigest: null, snapshotDigest, baseCommit: null, changedFiles: null };
  const gitops = { source: { ...source, problems: [], warnings: [], licenses: [] } };
  const runs: RunState[] = [aRun({ runId: 'run-1', slices: { ...aRun().slices, gitops } })];
  const targets = [{ key: 'acme/shop/production/web', version: 1, target: JSON.stringify({ artifactDigest: pinned }) }];
  const store = {
    listTargets: async () => targets,
    listRuns: async ({ limit, before }: { limit: number; before: string | null }) =>
      runs.filter(({ runId }) => before === null || runId < before).slice(0, limit),
  };

  return {
    artifacts,
    digests,
    runs,
    targets,
    async removeAfter(ms: number, kept = artifacts) {
      await removeArtifacts(aContext('gitops', { artifacts: kept, store, now: new Date(Date.now() + ms) }));
    },
    async left() {
      const found = await Promise.all(digests.map(async (digest) => artifacts.has(digest)));
      return names.filter((_name, index) => found[index]).toSorted();
    },
  };
}

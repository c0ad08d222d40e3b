import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Admitted, RunStore } from '@orchestra/runtime';
import { aFinish, anAdmission, aPark, claimAll, claimFrom, mustClaim, planRun, workAt } from './given.ts';
import type { Under } from './place.ts';

/** What a newer run of a ref does to the older ones. */
export function testSupersede(under: Under): void {
  testWhom(under);
  testReleased(under);
  testStarvation(under);
}

function testWhom(under: Under): void {
  it('supersedes the older unfinished runs of the ref, and no others', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const older = await store.admit(anAdmission({ repository }));
    const otherRef = await store.admit(anAdmission({ repository, ref: 'refs/heads/other' }));
    const otherRepository = await store.admit(anAdmission());

    const newer = await store.admit(anAdmission({ repository }, { actor: 'ada' }));

    expect(newer).toMatchObject({ superseded: [older.runId] });
    expect(await wishesOf(store, older.runId)).toMatchObject([{ wish: 'superseded', generation: 1, units: null }]);
    for (const { runId } of [otherRef, otherRepository, newer]) expect(await wishesOf(store, runId)).toEqual([]);
  });

  it('supersedes a run only once', async () => {
    const { store } = under();
    const [first, second] = await push(store, 2);

    const third = await store.admit(anAdmission({ repository: second.repository }));

    expect(third).toMatchObject({ superseded: [second.runId] });
    expect(await wishesOf(store, first.runId)).toHaveLength(1);
  });

  it('leaves a run alone that has ended', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const ended = await planRun(store, [], { repository });

    const newer = await store.admit(anAdmission({ repository }));

    expect(newer).toMatchObject({ superseded: [] });
    expect(await wishesOf(store, ended)).toEqual([]);
  });

  it('makes a parked job of the older run ready in the same step', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const older = await store.admit(anAdmission({ repository }));
    await store.park(await mustClaim(store, 'gitops'), aPark());

    await store.admit(anAdmission({ repository }));

    const woken = (await claimAll(store, 'gitops')).find(({ runId }) => runId === older.runId);
    expect(woken).toMatchObject({ wishes: [{ wish: 'superseded' }] });
  });
}

function testReleased(under: Under): void {
  const [one, two] = ['deploy/staging/shop', 'deploy/staging/mail'];

  it('leaves a run alone whose rollouts are all behind their last step', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const runId = await planRun(store, [one, two], { repository });
    await watch(store, runId, one);
    await store.finish(await workAt(store, { runId, unit: two }), aFinish({ status: 'failure' }));

    const newer = await store.admit(anAdmission({ repository }));

    expect(newer).toMatchObject({ superseded: [] });
  });

  it('supersedes a run of which one rollout is still on its way', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const runId = await planRun(store, [one, two], { repository });
    await watch(store, runId, one);

    const newer = await store.admit(anAdmission({ repository }));

    expect(newer).toMatchObject({ superseded: [runId] });
  });

  it('supersedes a run that deploys nothing', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const runId = await planRun(store, ['build'], { repository });

    const newer = await store.admit(anAdmission({ repository }));

    expect(newer).toMatchObject({ superseded: [runId] });
  });
}

function testStarvation(under: Under): void {
  it('spares the newest older run after so many supersedes in a row, and for as long as it lasts', async () => {
    const { store } = under();

    const runs = await push(store, 7, { maxSupersedes: 2 });

    // Run 4 finds two supersedes in a row and spares run 3, which nothing supersedes any more; the count begins anew.
    const superseded = runs.map(({ admitted }) => (admitted.kind === 'admitted' ? admitted.superseded : []));
    const numbers = superseded.map((ids) => ids.map((id) => runs.findIndex(({ runId }) => runId === id) + 1));
    expect(numbers).toEqual([[], [1], [2], [], [4], [5], []]);
    expect(await wishesOf(store, runs[2]?.runId ?? '')).toEqual([]);
  });

  it('begins to count anew when a run has deployed', async () => {
    const { store } = under();
    const repository = `acme/${randomUUID()}`;
    const unit = 'deploy/staging/shop';
    await store.admit(anAdmission({ repository }));
    await claimFrom(store, 'gitops');
    const second = await planRun(store, [unit], { repository });
    await store.finish(await workAt(store, { runId: second, unit }), aFinish());

    const third = await store.admit(anAdmission({ repository }, { maxSupersedes: 1 }));
    const fourth = await store.admit(anAdmission({ repository }, { maxSupersedes: 1 }));

    expect(third).toMatchObject({ superseded: [] });
    expect(fourth).toMatchObject({ superseded: [third.runId] });
  });
}

interface Pushed {
  runId: string;
  repository: string;
  admitted: Admitted;
}

/** Admits runs of one ref, one after the other. */
async function push(store: RunStore, count: 2, rest?: { maxSupersedes: number }): Promise<[Pushed, Pushed]>;
async function push(store: RunStore, count: number, rest?: { maxSupersedes: number }): Promise<Pushed[]>;
async function push(store: RunStore, count: number, rest = { maxSupersedes: 3 }): Promise<Pushed[]> {
  const repository = `acme/${randomUUID()}`;
  const pushed: Pushed[] = [];
  for (let number = 1; number <= count; number += 1) {
    const admitted = await store.admit(anAdmission({ repository }, rest));
    pushed.push({ runId: admitted.runId, repository, admitted });
  }
  return pushed;
}

async function watch(store: RunStore, runId: string, unit: string): Promise<void> {
  const lease = await workAt(store, { runId, unit });
  const slice = { [unit.replace('deploy/', '')]: JSON.stringify({ state: 'watching' }) };
  await store.park(lease, aPark({ reason: 'watch', status: 'running', slice }));
}

async function wishesOf(store: RunStore, runId: string): Promise<readonly unknown[] | undefined> {
  return (await store.readRun(runId))?.wishes;
}

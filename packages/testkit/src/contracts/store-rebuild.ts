import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RestoredRun, RunStore, StoreRebuild } from '@orchestra/runtime';
import { aNewJob, anAdmission } from '../given-run.ts';

export interface StoreRebuildUnderTest {
  /** The store as services open it; opened anew by each call, and closed by `close`. */
  open(): Promise<RunStore>;
  /** Begins a rebuild; whatever `open` gave before is closed. */
  begin(identity: string): Promise<StoreRebuild>;
  close(): Promise<void>;
}

/** The promises of `StoreRebuild`. @param create called before each test; gives an empty store without an identity */
export function testStoreRebuild(name: string, create: () => Promise<StoreRebuildUnderTest>): void {
  describe(`${name} as a store that is rebuilt`, () => {
    let under: StoreRebuildUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(async () => under.close());

    it('is seen by nobody before the commit, and whole after it', async () => {
      const run = aRestoredRun();
      const rebuild = await under.begin('a new identity');
      await rebuild.restoreRun(run);
      await rebuild.commit();
      await rebuild.close();

      const store = await under.open();
      expect(await store.identity()).toBe('a new identity');
      expect(await store.readRun(run.identity.runId)).toMatchObject({
        ...run.identity,
        sequence: 7,
        generation: 2,
        createdAt: run.createdAt,
        deadlineAt: run.deadlineAt,
        endedAt: null,
        hopsLimit: 40,
        plannedUnits: run.plannedUnits,
        units: {
          build: { generation: 1, status: 'success', reason: null, at: '2030-01-01T00:00:10.000Z' },
          test: { generation: 2, status: 'waiting', reason: 'rebuilt' },
        },
        notes: ['rebuilt'],
        slices: { build: { result: { tool: 'npm' } } },
      });
      expect(await store.readHistory(run.identity.runId)).toEqual(run.history);
    });

    it('that is given up leaves a store without an identity, and the next rebuild begins with nothing', async () => {
      const run = aRestoredRun();
      const first = await under.begin('first');
      await first.restoreRun(run);
      await first.close();
      const between = await under.open();
      expect(await between.identity()).toBeNull();
      await expect(between.readRun(run.identity.runId)).rejects.toMatchObject({ code: 'STORE_NOT_INITIALIZED' });

      const second = await under.begin('second');

      expect(await second.store.readRun(run.identity.runId)).toBeNull();
      await second.close();
    });

    it('is refused while the store is in use', async () => {
      await (await under.open()).initialize('in use');

      await expect(under.begin('another')).rejects.toMatchObject({ code: 'STORE_OWNED' });
    });

    it('writes a run once', async () => {
      const rebuild = await under.begin('identity');
      await rebuild.restoreRun(aRestoredRun());

      await expect(rebuild.restoreRun(aRestoredRun())).rejects.toMatchObject({ code: 'STORE_ARGUMENT_INVALID' });
      await rebuild.close();
    });

    it('goes on with the next sequence, knows what was seen, and shows only what has not ended', async () => {
      const open = aRestoredRun();
      const { repository } = open.identity;
      const endedAt = '2030-01-01T00:01:00.000Z';
      const ended = aRestoredRun({ endedAt, sequence: 3 }, { runId: '0197a000-0000-7000-8000-000000000002' });
      const rebuild = await under.begin('identity');
      for (const run of [ended, open]) await rebuild.restoreRun(run);
      const { store } = rebuild;

      const admitted = await store.admit(anAdmission({ repository, ref: 'refs/heads/other' }));
      const seen = await store.accept(anAcceptance(open.identity.runId, 'event-1'));
      const dirty = [await store.claimDirty('chatops', 1_000), await store.claimDirty('chatops', 1_000)];

      expect(admitted).toMatchObject({ kind: 'admitted', sequence: 8 });
      expect(seen).toBe('dup');
      expect(dirty.map((run) => run?.runId)).not.toContain(ended.identity.runId);
      expect(await store.findRun(repository, 3)).toBe(ended.identity.runId);
      expect((await store.readRun(ended.identity.runId))?.endedAt).toBe(endedAt);
      await rebuild.close();
    });

    it.each([
      { again: 'the delivery', names: { delivery: 'github:delivery-1', content: 'other' } },
      { again: 'what was pushed', names: { delivery: 'github:other', content: 'push of c1' } },
    ])('knows a push again by $again', async ({ names }) => {
      const run = aRestoredRun();
      const rebuild = await under.begin('identity');
      await rebuild.restoreRun(run);

      const { repository, ref, runId } = run.identity;
      const admitted = await rebuild.store.admit(anAdmission({ repository, ref }, names));

      expect(admitted).toEqual({ kind: 'known', runId });
      await rebuild.close();
    });

    it('takes no other push for a run whose names are not known', async () => {
      const run = aRestoredRun({ delivery: null, content: null });
      const rebuild = await under.begin('identity');
      await rebuild.restoreRun(run);

      const { repository, ref } = run.identity;
      const names = { delivery: 'null', content: 'null' };

      expect(await rebuild.store.admit(anAdmission({ repository, ref }, names))).toMatchObject({ kind: 'admitted' });
      await rebuild.close();
    });

    it('lets a newer push supersede a run that was written back', async () => {
      const run = aRestoredRun();
      const rebuild = await under.begin('identity');
      await rebuild.restoreRun(run);

      const { repository, ref, runId } = run.identity;
      const admitted = await rebuild.store.admit(anAdmission({ repository, ref }));

      expect(admitted).toMatchObject({ superseded: [runId] });
      await rebuild.close();
    });

    it('waits at a gate for the outcome of the generation in which an input was made', async () => {
      const run = aRestoredRun({ plannedUnits: [], units: [], made: [{ unit: 'test', generation: 2 }] });
      const { runId } = run.identity;
      const rebuild = await under.begin('identity');
      await rebuild.restoreRun(run);
      const { store } = rebuild;
      const gate = { ...aNewJob({ service: 'iac', handler: 'gate', generation: 2, delayMs: 60_000 }), runId };
      const input = { unit: 'test', status: 'success' } as const;

      await store.accept({
        ...anAcceptance(runId, 'old', 'iac'),
        arm: [{ ...gate, unit: 'iac/production', inputs: ['test'] }],
        input: { ...input, generation: 1, eventId: 'old' },
      });
      const before = await claimOf(store);
      await store.accept({
        ...anAcceptance(runId, 'new', 'iac'),
        input: { ...input, generation: 2, eventId: 'new' },
      });
      const after = await claimOf(store);

      expect(before).toBeNull();
      expect(after?.gate).toMatchObject({ state: 'opened', arrived: [{ eventId: 'new', generation: 2 }] });
      await rebuild.close();
    });
  });
}

function claimOf(store: RunStore): ReturnType<RunStore['claim']> {
  return store.claim({ service: 'iac', owner: 'test', leaseMs: 30_000, except: [], maxStalls: 5 });
}

function anAcceptance(runId: string, eventId: string, service: 'iac' | 'test' = 'test') {
  return { service, eventId, runId, job: null, arm: [], input: null, follow: false };
}

function aRestoredRun(change: Partial<RestoredRun> = {}, identity: Partial<RestoredRun['identity']> = {}): RestoredRun {
  const unit = { after: [], gate: null, gateDeadlineMs: 60_000 };
  const { identity: given } = anAdmission({
    runId: '0197a000-0000-7000-8000-000000000001',
    repository: 'acme/shop',
    ...identity,
  });
  return {
    identity: given,
    delivery: 'github:delivery-1',
    content: 'push of c1',
    sequence: 7,
    generation: 2,
    createdAt: '2030-01-01T00:00:00.000Z',
    deadlineAt: '2030-01-01T02:00:00.000Z',
    endedAt: null,
    hopsLimit: 40,
    plannedUnits: [
      { ...unit, unit: 'build', service: 'build' },
      { ...unit, unit: 'test', service: 'test' },
    ],
    units: [
      { unit: 'build', generation: 1, status: 'success', reason: null, at: '2030-01-01T00:00:10.000Z' },
      { unit: 'test', generation: 2, status: 'waiting', reason: 'rebuilt', at: '2030-01-01T00:00:20.000Z' },
    ],
    made: [{ unit: 'test', generation: 2 }],
    slices: [{ service: 'build', key: 'result', value: '{"tool":"npm"}' }],
    notes: ['rebuilt'],
    history: [
      {
        id: 'event-1',
        at: '2030-01-01T00:00:10.000Z',
        kind: 'event',
        service: 'build',
        unit: 'build',
        generation: 1,
        what: 'build_ready',
        reason: null,
        causes: [],
        detail: { outcome: 'SUCCESS' },
      },
    ],
    seen: [{ service: 'test', eventId: 'event-1' }],
    ...change,
  };
}

import { expect, it } from '@jest/globals';
import { admitRun, anAdmission, claimAll, claimFrom } from './given.ts';
import type { Under } from './place.ts';

/** How a run begins. */
export function testAdmit(under: Under): void {
  it('makes a run with all that was admitted, and its first job', async () => {
    const { store } = under();
    const admission = anAdmission({}, { notes: ['unsandboxed', 'unsandboxed'] });
    const { identity, job } = admission;

    const admitted = await store.admit(admission);

    expect(admitted).toEqual({ kind: 'admitted', runId: identity.runId, sequence: 1, superseded: [] });
    expect(await store.readRun(identity.runId)).toMatchObject({
      ...identity,
      v: 1,
      sequence: 1,
      generation: 1,
      deadlineAt: null,
      endedAt: null,
      hopsLimit: 16,
      plannedUnits: [],
      wishes: [],
      notes: ['unsandboxed'],
      units: { gitops: { generation: 1, status: 'queued', startedAt: null, endedAt: null } },
      slices: { gitops: {}, 'code-analysis': {}, chatops: {} },
    });
    expect(await claimFrom(store, 'gitops')).toMatchObject({ jobId: job.jobId, runId: identity.runId, attempt: 1 });
  });

  it('counts the runs of each repository', async () => {
    const { store } = under();
    const first = anAdmission();
    const { repository } = first.identity;

    await store.admit(first);
    await admitRun(store);
    const second = await store.admit(anAdmission({ repository, ref: 'refs/heads/other' }));

    expect(second).toMatchObject({ kind: 'admitted', sequence: 2 });
    expect(await store.findRun(repository, 2)).toBe(second.runId);
  });

  it('F26 maps a delivery that comes again to its run', async () => {
    const { store } = under();
    const { delivery } = await admitOnce(under);

    const again = anAdmission({}, { delivery });

    expect(await store.admit(again)).toMatchObject({ kind: 'known' });
    expect(await store.readRun(again.identity.runId)).toBeNull();
    expect(await claimAll(store, 'gitops')).toHaveLength(1);
  });

  it('F26 maps the same content under another delivery to its run, and knows that delivery from then on', async () => {
    const { store } = under();
    const { identity, content } = await admitOnce(under);
    const sameContent = anAdmission({}, { content });

    const byContent = await store.admit(sameContent);
    const byAlias = await store.admit(anAdmission({}, { delivery: sameContent.delivery }));

    expect(byContent).toEqual({ kind: 'known', runId: identity.runId });
    expect(byAlias).toEqual({ kind: 'known', runId: identity.runId });
    expect(await store.readRun(identity.runId)).toMatchObject({ v: 1 });
  });

  it('makes one run of deliveries at the same time', async () => {
    const { store } = under();
    const { delivery, content, identity } = anAdmission();
    const attempts = Array.from({ length: 10 }, () =>
      anAdmission({ repository: identity.repository }, { delivery, content }),
    );

    const admitted = await Promise.all(attempts.map(async (attempt) => store.admit(attempt)));

    expect(admitted.filter(({ kind }) => kind === 'admitted')).toHaveLength(1);
    expect(new Set(admitted.map(({ runId }) => runId)).size).toBe(1);
    expect(await claimAll(store, 'gitops')).toHaveLength(1);
  });

  it.each(['gitops', 'chatops'] as const)('lets %s render the new run', async (service) => {
    const { store } = under();
    const { identity } = await admitOnce(under);

    expect(await store.claimDirty(service, 1_000)).toMatchObject({ runId: identity.runId, v: 1 });
    expect(await store.claimDirty(service, 1_000)).toBeNull();
  });
}

async function admitOnce(under: Under): Promise<ReturnType<typeof anAdmission>> {
  const admission = anAdmission();
  await under().store.admit(admission);
  return admission;
}

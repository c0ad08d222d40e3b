import { expect, it } from '@jest/globals';
import type { GateJob, RunStore } from '@orchestra/runtime';
import {
  admitRun,
  aFinish,
  aGate,
  aJob,
  anAcceptance,
  anInput,
  aRetry,
  claimFrom,
  mustClaim,
  planRun,
} from './given.ts';
import type { Under } from './place.ts';

/** Which outcome counts when a retry has made some of the inputs anew. */
export function testGateGenerations(under: Under): void {
  it('waits for the new outcome of an input that was made anew, and takes the old one of another', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await offer(store, runId, { unit: 'test', generation: 1, status: 'failure' });
    await offer(store, runId, { unit: 'build', generation: 1 });

    await store.retry(aRetry(runId, { remade: ['test', 'iac/staging'], gates: [gateOf(runId, 2)] }));
    expect(await claimFrom(store, 'iac')).toBeNull();
    await offer(store, runId, { unit: 'test', generation: 2 });

    expect(await mustClaim(store, 'iac')).toMatchObject({
      generation: 2,
      gate: {
        state: 'opened',
        arrived: [
          { unit: 'test', generation: 2, status: 'success' },
          { unit: 'build', generation: 1, status: 'success' },
        ],
      },
    });
  });

  it('takes an outcome of an older generation that comes late, when the input was not made anew', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.retry(aRetry(runId, { remade: ['test', 'iac/staging'], gates: [gateOf(runId, 2)] }));
    await offer(store, runId, { unit: 'test', generation: 2 });
    expect(await claimFrom(store, 'iac')).toBeNull();

    await offer(store, runId, { unit: 'build', generation: 1 });

    expect(await mustClaim(store, 'iac')).toMatchObject({ gate: { state: 'opened' } });
  });

  it('is not closed by an old outcome of an input that was made anew', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.retry(aRetry(runId, { remade: ['test', 'iac/staging'], gates: [gateOf(runId, 2)] }));

    await offer(store, runId, { unit: 'test', generation: 1, status: 'failure' });

    expect(await claimFrom(store, 'iac')).toBeNull();
  });

  it('is not decided by an outcome of a newer generation', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const gate = { ...gateOf(runId, 1), inputs: ['test'], bound: false };
    await store.accept(anAcceptance(runId, { service: 'iac', arm: [gate] }));
    await store.retry(aRetry(runId, { remade: ['test'] }));

    await offer(store, runId, { unit: 'test', generation: 2, status: 'failure' });
    expect(await claimFrom(store, 'iac')).toBeNull();
    await offer(store, runId, { unit: 'test', generation: 1 });

    expect(await mustClaim(store, 'iac')).toMatchObject({ generation: 1, gate: { state: 'opened' } });
  });

  it('waits in a third generation for the newest one in which each input was made', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    await store.retry(aRetry(runId, { remade: ['test'] }));
    await store.retry(aRetry(runId, { expected: 2, remade: ['build', 'iac/staging'], gates: [gateOf(runId, 3)] }));
    for (const generation of [1, 3]) await offer(store, runId, { unit: 'test', generation });
    for (const generation of [1, 2]) await offer(store, runId, { unit: 'build', generation });
    expect(await claimFrom(store, 'iac')).toBeNull();

    await offer(store, runId, { unit: 'test', generation: 2 });
    await offer(store, runId, { unit: 'build', generation: 3 });

    const claimed = await mustClaim(store, 'iac');
    expect(claimed.gate?.arrived.map(({ unit, generation }) => [unit, generation])).toEqual([
      ['test', 2],
      ['build', 3],
    ]);
  });

  it('waits for what is planned only by the push that a retry made anew', async () => {
    const { store } = under();
    const runId = await planRun(store, []);
    const push = aJob(runId, { service: 'gitops', unit: 'gitops', generation: 2 });
    await store.retry(aRetry(runId, { remade: ['gitops'], jobs: [push] }));
    const units = ['gitops', 'test', 'iac/staging'].map((unit) => {
      return { unit, service: 'iac' as const, after: [], gate: null, gateDeadlineMs: 1000 };
    });
    await store.finish(await mustClaim(store, 'gitops'), aFinish({ plan: { units, deadlineMs: 1000, hopsLimit: 9 } }));
    await store.accept(anAcceptance(runId, { service: 'iac', arm: [{ ...gateOf(runId, 2), inputs: ['test'] }] }));

    await offer(store, runId, { unit: 'test', generation: 2 });

    const claimed = await mustClaim(store, 'iac');
    expect(claimed.gate).toMatchObject({ state: 'opened', arrived: [{ unit: 'test', generation: 2 }] });
  });
}

function gateOf(runId: string, generation: number): GateJob {
  return aGate(runId, { generation, inputs: ['test', 'build'] });
}

async function offer(
  store: RunStore,
  runId: string,
  { unit, ...change }: { unit: string; generation: number; status?: 'failure' },
): Promise<void> {
  await store.accept(anAcceptance(runId, { service: 'iac', input: anInput(unit, change) }));
}

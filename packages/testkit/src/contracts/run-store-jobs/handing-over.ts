import { describe, expect, it } from '@jest/globals';
import type { Finished, HandedOver, RelayClaim } from '@orchestra/runtime';
import { aFinish, aJob, anEntry, aRecord, claimed, givenBuilding, minute, observe, run } from './given.ts';
import type { RunStoreUnderTest, Under } from './given.ts';

const relay: RelayClaim = { owner: 'one', ms: minute };

/** `finishAndHandOver`: a finish that tells the relay of its process what it stored, if the store tells that. */
export function testHandingOver(under: Under): void {
  describe('finishAndHandOver', () => {
    testFinish(under);
    testPlaces(under);
  });
}

function testFinish(under: Under): void {
  it('finishes as finish does, and the outbox has the records', async () => {
    const { store } = under();
    const job = await givenBuilding(store);
    const finish = aFinish({ status: 'success', slice: { a: '1' }, history: [anEntry()], outbox: [aRecord()] });

    const { finished } = await store.finishAndHandOver(job, finish, relay);

    expect(finished).toBe('finished');
    const after = await store.readRun(run);
    expect(after?.units['build']?.status).toBe('success');
    expect(after?.slices.build).toEqual({ a: 1 });
    expect(await store.readHistory(run)).toEqual([anEntry()]);
    expect((await store.readOutbox('build', 10)).map(({ record }) => record)).toEqual([aRecord()]);
  });

  it('writes nothing and hands nothing over when the lease is lost', async () => {
    const { store } = under();
    const job = await givenBuilding(store);
    await store.finish(job, aFinish());
    const before = await observe(store);

    const late = await store.finishAndHandOver(job, aFinish({ outbox: [aRecord()] }), relay);

    expect(late).toEqual({ finished: 'fenced', handed: null });
    expect(await observe(store)).toEqual(before);
    expect(await store.takeRelay('build', 'two', minute)).toBe(true);
  });

  it('hands nothing over when nothing was stored', async () => {
    const { store } = under();

    expect(await store.finishAndHandOver(await givenBuilding(store), aFinish(), relay)).toEqual({
      finished: 'finished',
      handed: null,
    });
  });
}

function testPlaces(under: Under): void {
  it('names the places at which a read finds the records, each batch right behind the one before', async () => {
    const { store } = under();
    const first = await finishOne(under(), 'one', ['a', 'b']);
    const second = await finishOne(under(), 'two', ['c']);

    const stored = await store.readOutbox('build', 10);

    expect(stored.map(({ record }) => record.id)).toEqual(['a', 'b', 'c']);
    const places = stored.map(({ position }) => position);
    expect(first.handed?.positions ?? places.slice(0, 2)).toEqual(places.slice(0, 2));
    expect(second.handed ?? null).toEqual(
      second.handed === null ? null : { after: places[1], positions: places.slice(2) },
    );
  });

  it('names the place before also when its record is gone, and when another process stored it', async () => {
    const { store } = under();
    const first = await finishOne(under(), 'one', ['a']);
    await store.acknowledge('build', first.handed?.positions ?? []);
    const second = await finishOne(under(), 'two', ['b']);
    await store.enqueue(aJob({ jobId: 'three' }));
    await store.finish(await claimed(store), aFinish({ outbox: [aRecord({ id: 'c' })] }));
    const last = (await store.readOutbox('build', 10)).at(-1);
    const fourth = await finishOne(under(), 'four', ['d']);

    expect(second.handed?.after).toBe(first.handed?.positions.at(-1));
    expect(fourth.handed?.after ?? last?.position).toBe(last?.position);
  });

  it('hands nothing over while another owner has the relay, and has it for the whole time otherwise', async () => {
    const { store, advance } = under();
    const first = await finishOne(under(), 'one', ['a']);
    const isOurs = first.handed !== null;
    expect(await store.takeRelay('build', 'two', minute)).toBe(!isOurs);
    await advance(2 * minute);
    expect(await store.takeRelay('build', 'two', minute)).toBe(true);

    const second = await finishOne(under(), 'two', ['b']);

    expect(second).toEqual({ finished: 'finished', handed: null });
    expect(await store.takeRelay('build', 'one', minute)).toBe(false);
  });
}

async function finishOne(
  { store }: RunStoreUnderTest,
  jobId: string,
  ids: readonly string[],
): Promise<{ finished: Finished; handed: HandedOver | null }> {
  await store.enqueue(aJob({ jobId }));
  const outbox = ids.map((id) => aRecord({ id }));
  return store.finishAndHandOver(await claimed(store), aFinish({ outbox }), relay);
}

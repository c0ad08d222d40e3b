import { expect, it } from '@jest/globals';
import { admitRun, aPark, claimFrom, hour, mustClaim, workAt } from './given.ts';
import type { Under } from './place.ts';

const unit = 'deploy/production/shop';

/** What people answer. */
export function testAnswers(under: Under): void {
  it('keeps the first answer under its key', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    expect(await store.readAnswer(runId, 'a key')).toBeNull();

    expect(await store.answer(runId, 'a key', '"yes"')).toBe('stored');
    expect(await store.answer(runId, 'a key', '"no"')).toBe('already');

    expect(await store.readAnswer(runId, 'a key')).toBe('"yes"');
    expect(await store.readAnswer(runId, 'another key')).toBeNull();
  });

  it('keeps no answer for a run that it does not know', async () => {
    const { store } = under();

    expect(await store.answer('no such run', 'a key', '1')).toBe('run_unknown');
    expect(await store.readAnswer('no such run', 'a key')).toBeNull();
  });

  it('wakes the job that waits for it, and tells it', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit });
    await store.park(lease, aPark({ answerKey: 'a key', memo: '"mine"' }));
    await store.answer(runId, 'another key', '"yes"');
    expect(await claimFrom(store, 'deploy')).toBeNull();

    await store.answer(runId, 'a key', '"yes"');

    expect(await mustClaim(store, 'deploy')).toMatchObject({ jobId: lease.jobId, memo: '"yes"', parks: 1, attempt: 1 });
  });

  it('wakes nobody in another run', async () => {
    const { store } = under();
    const [runId, other] = [await admitRun(store), await admitRun(store)];
    await store.park(await workAt(store, { runId, unit }), aPark({ answerKey: 'a key' }));

    await store.answer(other, 'a key', '"yes"');

    expect(await claimFrom(store, 'deploy')).toBeNull();
  });

  it('does not let a job sleep whose answer came first', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit });
    await store.answer(runId, 'a key', '"yes"');

    expect(await store.park(lease, aPark({ answerKey: 'a key' }))).toBe('answered');

    expect(await store.renew(lease, hour)).toMatchObject({ kind: 'held' });
    expect(await store.readRun(runId)).toMatchObject({ units: { [unit]: { status: 'running' } } });
    expect(await store.park(lease, aPark({ answerKey: 'another key' }))).toBe('parked');
  });

  it('wakes a job once, though the answer comes twice', async () => {
    const { store } = under();
    const runId = await admitRun(store);
    const lease = await workAt(store, { runId, unit });
    await store.park(lease, aPark({ answerKey: 'a key' }));
    const memos = ['"yes"', '"no"', '"yes"'];

    const stored = await Promise.all(memos.map(async (memo) => store.answer(runId, 'a key', memo)));

    expect(stored.toSorted()).toEqual(['already', 'already', 'stored']);
    expect(await mustClaim(store, 'deploy')).toMatchObject({ memo: await store.readAnswer(runId, 'a key') });
    expect(await claimFrom(store, 'deploy')).toBeNull();
  });
}

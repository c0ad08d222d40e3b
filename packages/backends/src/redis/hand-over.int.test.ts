import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimedJob, RunStore } from '@orchestra/runtime';
import { aFinish, aNewJob, eventually } from '@orchestra/testkit';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

const minute = 60_000;
const ours = { owner: 'ours', ms: minute };
const theirs = { owner: 'theirs', ms: minute };
const claim = { service: 'build', owner: 'ours', leaseMs: minute, except: [], maxStalls: 5 } as const;

describe('a finish on Redis', () => {
  let given: Awaited<ReturnType<typeof openRedisRunStore>>;
  beforeEach(async () => {
    given = await openRedisRunStore(process.env['REDIS_URL'] ?? '');
    await given.store.initialize('test');
  });
  afterEach(async () => given.close());

  it('tells the relay of its process where the records lie, beginning with an empty outbox', async () => {
    const { store } = given;

    const first = await finish(store, 'one', ours);
    const second = await finish(store, 'two', ours);

    const places = (await store.readOutbox('build', 10)).map(({ position }) => position);
    expect(first).toEqual({ after: '0-0', positions: places.slice(0, 1) });
    expect(second).toEqual({ after: places[0], positions: places.slice(1) });
  });

  it('shows to the relay the gap that another replica left', async () => {
    const { store } = given;
    const first = await finish(store, 'one', ours);

    const between = await finish(store, 'two', theirs);
    const third = await finish(store, 'three', ours);

    expect(between).toBeNull();
    expect(third?.after).not.toBe(first?.positions.at(-1));
    expect(await store.readOutbox('build', 10)).toHaveLength(3);
  });

  it('lets another replica publish when the right is over, and then hands over nothing', async () => {
    const { store, advance } = given;
    await finish(store, 'one', ours);
    await advance(2 * minute);

    const taken = await finish(store, 'two', theirs);
    const late = await finish(store, 'three', ours);

    expect(taken?.positions).toHaveLength(1);
    expect(late).toBeNull();
  });

  it('wakes the other replica, whose relay publishes, and not the one that was told', async () => {
    const { store } = given;
    await finish(store, 'one', ours);
    const [told, strange] = [await claimOne(store, 'two'), await claimOne(store, 'three')];
    let heard = 0;
    const leave = store.onWake('build', 'outbox', () => {
      heard += 1;
    });
    await eventually({ see: () => heard, until: (times) => times > 0 });
    heard = 0;

    await store.finishAndHandOver(told, storing('two'), ours);
    // The connection of hints answers in order: what was sent before would have come.
    await store.stats('build');
    const afterOurs = heard;
    await store.finishAndHandOver(strange, storing('three'), theirs);
    await eventually({ see: () => heard, until: (times) => times > 0 });

    expect(afterOurs).toBe(0);
    leave();
  });
});

async function finish(store: RunStore, jobId: string, relay: typeof ours) {
  const { handed } = await store.finishAndHandOver(await claimOne(store, jobId), storing(jobId), relay);
  return handed;
}

async function claimOne(store: RunStore, jobId: string): Promise<ClaimedJob> {
  await store.enqueue(aNewJob({ jobId, service: 'build' }));
  const job = await store.claim(claim);
  if (job === null) throw new Error(`${jobId} is not due`);
  return job;
}

function storing(id: string) {
  const record = { id, topic: 'build_ready', key: 'run', value: Buffer.from(id), headers: { ce_id: id } };
  return aFinish({ outbox: [record] });
}

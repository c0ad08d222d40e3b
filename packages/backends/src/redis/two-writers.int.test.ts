import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Lease, RunStore } from '@orchestra/runtime';
import { anAdmission, aNewJob } from '@orchestra/testkit';
import { openRedisRunStore } from './open-redis-run-store.fixture.ts';

const writes = 10_000;
const atOnce = 250;
const writers = ['build', 'test'] as const;
// So many are sent at once that on a busy machine the last of them waits long for its answer.
const patienceMs = 60_000;
let room: Awaited<ReturnType<typeof openRedisRunStore>>;

beforeAll(async () => {
  room = await openRedisRunStore(process.env['REDIS_URL'] ?? '', patienceMs);
  await room.store.initialize('two writers');
});

afterAll(() => room.close());

describe('two writers of one run', () => {
  it('F12 write 10,000 times each: no update is lost, and none touches what the other one writes', async () => {
    const { store } = room;
    const { runId } = await store.admit(anAdmission());
    const leases = await Promise.all(writers.map((service) => leaseOf(store, service, runId)));
    const before = (await store.readRun(runId))?.v ?? 0;

    await Promise.all(leases.map((lease) => writeAll(store, lease)));

    const run = await store.readRun(runId);
    expect(run?.v).toBe(before + writes * writers.length);
    for (const service of writers) {
      const stored = Object.values(run?.slices[service] ?? {}).map(({ count }: { count: number }) => count);
      expect(stored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: atOnce }, (_, at) => writes - atOnce + at));
    }
  }, 300_000);
});

async function leaseOf(store: RunStore, service: (typeof writers)[number], runId: string): Promise<Lease> {
  await store.enqueue(aNewJob({ service, runId, unit: service }));
  const lease = await store.claim({ service, owner: service, leaseMs: 600_000, except: [], maxStalls: 5 });
  if (lease === null) throw new Error(`nothing to claim for ${service}`);
  return lease;
}

// Each of so many keys is written in turn: in the end it holds the last count, if none was lost.
async function writeAll(store: RunStore, lease: Lease): Promise<void> {
  for (let first = 0; first < writes; first += atOnce) {
    const counts = Array.from({ length: atOnce }, (_, at) => first + at);
    await Promise.all(counts.map((count, at) => store.note(lease, { [`key-${at}`]: JSON.stringify({ count }) }, [])));
  }
}

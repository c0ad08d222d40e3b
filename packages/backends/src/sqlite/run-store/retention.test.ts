import { randomUUIDv7 } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyFinish, type Admission, type NewJob, type RunStore } from '@orchestra/runtime';
import { createFakeClock, type FakeClock } from '@orchestra/testkit';
import { openDatabase, type Database } from '../database.ts';
import { createSqliteRunStore } from './run-store.ts';

describe('the retention of the run store on SQLite', () => {
  const day = 86_400_000;
  let clock: FakeClock;
  let database: Database;
  let store: RunStore;
  beforeEach(async () => {
    clock = createFakeClock();
    database = openDatabase({ file: ':memory:', clock });
    store = createSqliteRunStore({ database });
    await store.initialize('a test');
  });
  afterEach(() => database.close());

  async function admit(delivery: string): Promise<string> {
    return (await store.admit(admissionOf(delivery))).runId;
  }

  /** Does the oldest due job; a run that has one ends with it. `pins` writes a target that names it. */
  async function finishNext(pins: string[] | null): Promise<void> {
    const lease = await store.claim({ service: 'gitops', owner: 'w', leaseMs: day, except: [], maxStalls: 5 });
    if (lease === null) throw new Error('No job is due');
    const unit = { unit: 'gitops', service: 'gitops', after: [], gate: null, gateDeadlineMs: day } as const;
    const target = { key: 'acme/shop/staging/shop', expected: 0, target: JSON.stringify({ pins }) };
    await store.finish(lease, {
      ...emptyFinish,
      status: 'success',
      slice: { source: '{}' },
      plan: { units: [unit], deadlineMs: day, hopsLimit: 16 },
      target: pins && { ...target, wake: [], quarantine: [], unlessQuarantined: null },
    });
  }

  function rowsOf(runId: string): number {
    const tables = ['runs', 'units', 'slices', 'jobs', 'seen', 'dirty', 'inputs', 'answers'];
    const counts = tables.map((table) => database.all(`SELECT 1 FROM ${table} WHERE run_id = ?`, [runId]).length);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async function endRun(delivery: string, pins: string[] | null = null): Promise<string> {
    const runId = await admit(delivery);
    const input = { unit: 'test', generation: 1, status: 'success', eventId: delivery } as const;
    await store.accept({ service: 'iac', eventId: delivery, runId, job: null, arm: [], input, follow: false });
    await store.answer(runId, 'a key', '1');
    await finishNext(pins && [runId, ...pins]);
    return runId;
  }

  it('removes everything of a run 14 days after its end', async () => {
    const runId = await endRun('one');
    await clock.advance(14 * day);
    await store.reap('gitops', 1);
    expect(await store.readRun(runId)).not.toBeNull();

    await clock.advance(day);
    await store.reap('gitops', 1);

    expect(await store.readRun(runId)).toBeNull();
    expect(rowsOf(runId)).toBe(0);
  });

  it('keeps a run that has not ended, and one that a target pins', async () => {
    const pinned = await endRun('one', []);
    const open = await admit('two');
    await clock.advance(100 * day);

    await store.reap('gitops', 1);

    expect(await store.readRun(pinned)).not.toBeNull();
    expect(await store.readRun(open)).not.toBeNull();
  });

  it('removes more runs than one step may, in the steps that follow', async () => {
    for (let number = 0; number < 120; number += 1) await endRun(`run ${number}`);
    await clock.advance(15 * day);

    for (let step = 0; step < 3; step += 1) await store.reap('gitops', 1);

    expect(await store.listRuns({ repository: null, limit: 200, before: null })).toEqual([]);
  });

  async function liveAndExpire(name: string, count: number): Promise<Record<string, number>> {
    for (let number = 0; number < count; number += 1) await endRun(`${name} ${number}`);
    await clock.advance(15 * day);
    for (let step = 0; step < 4; step += 1) await store.reap('gitops', 1);
    return rowsLeft();
  }

  it('leaves as many rows after 120 runs that expired as after 20', async () => {
    const few = await liveAndExpire('a', 20);
    const many = await liveAndExpire('b', 120);

    expect(many).toEqual(few);
    expect(few).toEqual({ counters: 2, meta: 1 });
  });

  /** How many rows each table has, but for those that have none. */
  function rowsLeft(): Record<string, number> {
    const tables = database.all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`);
    const counted = tables.map(({ name }) => {
      return [String(name), Number(database.get(`SELECT count(*) AS count FROM ${String(name)}`)?.['count'])] as const;
    });
    return Object.fromEntries(counted.filter(([, count]) => count > 0));
  }

  it('forgets deliveries, events without a run and their finished jobs after 14 days', async () => {
    const event = { service: 'gitops', eventId: 'e', runId: null, arm: [], input: null, follow: false } as const;
    const first = await admit('one');
    await finishNext(null);
    await store.accept({ ...event, job: jobOf(null) });
    await finishNext(null);
    await clock.advance(13 * day);
    expect(await store.admit(admissionOf('one'))).toEqual({ kind: 'known', runId: first });
    expect(await store.accept({ ...event, job: null })).toBe('dup');

    await clock.advance(2 * day);
    await store.reap('gitops', 1);

    expect(database.all('SELECT * FROM jobs')).toEqual([]);
    expect(await store.accept({ ...event, job: null })).toBe('accepted');
    expect(await store.admit(admissionOf('one'))).toMatchObject({ kind: 'admitted', sequence: 2 });
  });
});

function jobOf(runId: string | null): NewJob {
  return {
    jobId: randomUUIDv7(),
    service: 'gitops',
    runId,
    generation: 1,
    unit: runId === null ? null : 'gitops',
    handler: 'push',
    payload: '{}',
    cause: 'a cause',
    causes: [],
    hops: 0,
    maxAttempts: 3,
    maxMs: 60_000,
    bound: true,
    traceparent: null,
    delayMs: 0,
  };
}

function admissionOf(delivery: string): Admission {
  const runId = randomUUIDv7();
  const source = {
    repository: 'acme/shop',
    ref: runId,
    branch: null,
    commit: 'c',
    before: null,
    cloneUrl: 'file:///r',
  };
  const person = { author: 'ada', message: null, trigger: 'PUSH', pullRequest: null } as const;
  const identity = { runId, ...source, ...person, environmentLimit: null, metadata: {} };
  const limits = { hopsLimit: 16, maxSupersedes: 3, notes: [], actor: null };
  return { identity, delivery, content: delivery, job: jobOf(runId), ...limits };
}

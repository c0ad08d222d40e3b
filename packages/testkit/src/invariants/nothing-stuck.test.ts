import { describe, expect, it } from '@jest/globals';
import { checkQueues } from './nothing-stuck.ts';
import { aJob, aRunWith, aWorld } from './world.fixture.ts';

const idle = {
  service: 'build',
  ready: 0,
  oldestReadyMs: 0,
  leased: 0,
  parked: 3,
  outbox: 0,
  oldestOutboxMs: 0,
} as const;

describe('no record is stuck', () => {
  it('holds where all was published and taken', () => {
    const groups = [{ group: 'orchestra.build', topic: 'code_push', lag: 0 }];

    expect(checkQueues(aWorld({ queues: [idle], groups }))).toEqual([]);
  });

  it('is broken by an event in the outbox', () => {
    expect(checkQueues(aWorld({ queues: [{ ...idle, outbox: 2 }] }))).toMatchObject([
      { invariant: 'I6', what: '2 events of build were never published' },
    ]);
  });

  it('is broken by a job that waits for a worker, shown by the job', () => {
    const runs = [aRunWith({ endedAt: null }, [aJob(), aJob({ jobId: 'job-2', status: 'queued' })])];

    expect(checkQueues(aWorld({ runs, queues: [{ ...idle, ready: 1 }] }))).toMatchObject([
      { what: '1 jobs of build wait for a worker', history: [{ id: 'job-2' }] },
    ]);
  });

  it('is broken by a group that is behind', () => {
    const groups = [{ group: 'orchestra.test', topic: 'build_ready', lag: 4 }];

    expect(checkQueues(aWorld({ groups }))).toMatchObject([
      { what: 'orchestra.test has not taken 4 records of build_ready' },
    ]);
  });
});

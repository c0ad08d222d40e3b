import { describe, expect, it } from '@jest/globals';
import {
  activeFreeze,
  freezeReleases,
  holdRelease,
  letGoRelease,
  unfreezeReleases,
  unheld,
  type HeldRelease,
} from './freeze.ts';

const now = new Date('2026-12-20T12:00:00Z');
const frozen = { until: '2027-01-04T00:00:00.000Z', note: 'Christmas', actor: 'ada', at: now.toISOString() };

function aWaiter(sequence: number, change: Partial<HeldRelease> = {}): HeldRelease {
  const since = now.toISOString();
  const runId = `run-${sequence}`;
  return { runId, generation: 1, sequence, service: 'web', jobId: `job-${sequence}`, since, ...change };
}

function holding(...waiters: HeldRelease[]) {
  return waiters.reduce((state, waiter) => holdRelease(state, waiter)?.next ?? state, unheld);
}

describe('a freeze', () => {
  it.each([
    { until: frozen.until, at: now, holds: true },
    { until: frozen.until, at: new Date(frozen.until), holds: false },
    { until: null, at: new Date('2036-01-01T00:00:00Z'), holds: true },
  ])('until $until holds at $at: $holds', ({ until, at, holds }) => {
    const { next } = freezeReleases(unheld, { ...frozen, until });

    expect(activeFreeze(next, at) !== null).toBe(holds);
  });

  it('ends by a word, and whoever waits looks again', () => {
    const { next } = freezeReleases(holding(aWaiter(1), aWaiter(2, { service: 'api' })), frozen);

    const ended = unfreezeReleases(next);

    expect(ended.next.frozen).toBeNull();
    expect(ended.wake).toEqual([
      { jobId: 'job-1', memo: { kind: 'take' } },
      { jobId: 'job-2', memo: { kind: 'take' } },
    ]);
  });
});

describe('who waits for an environment to open', () => {
  it('is the newest rollout of each service', () => {
    const moved = holdRelease(holding(aWaiter(1), aWaiter(2, { service: 'api' })), aWaiter(3));

    expect(moved?.next.held).toMatchObject([{ sequence: 2 }, { sequence: 3 }]);
    expect(moved?.wake).toEqual([{ jobId: 'job-1', memo: { kind: 'superseded' } }]);
  });

  it('is not an older one that comes later', () => {
    expect(holdRelease(holding(aWaiter(3)), aWaiter(2))).toBeNull();
  });

  it('keeps its place, and since when it waits, when it looks again', () => {
    const moved = holdRelease(holding(aWaiter(1)), aWaiter(1, { since: '2027-01-01T00:00:00.000Z', jobId: 'again' }));

    expect(moved).toMatchObject({ wake: [], next: { held: [{ jobId: 'again', since: now.toISOString() }] } });
  });

  it('leaves its own place, and no other', () => {
    const state = holding(aWaiter(2));

    expect(letGoRelease(state, { ...aWaiter(1) })).toBe(state);
    expect(letGoRelease(state, aWaiter(2)).held).toEqual([]);
  });
});

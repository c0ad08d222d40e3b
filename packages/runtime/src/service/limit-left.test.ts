import { describe, expect, it } from '@jest/globals';
import type { RunState, UnitState } from '@orchestra/contracts';
import type { JobView } from './context.ts';
import { limitLeftMs } from './limit-left.ts';

const began: UnitState = {
  generation: 1,
  status: 'running',
  reason: null,
  message: null,
  at: '',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
};
const now = new Date('2026-01-01T00:01:00Z');
const limitMs = 90_000;

function left(job: Partial<JobView>, units: Record<string, UnitState> = { build: began }, at = now): number {
  const given = { unit: 'build', generation: 1, attempt: 1, stalls: 0, ...job } as JobView;
  return limitLeftMs<'build'>({ job: given, run: { units } as RunState, now: at }, limitMs);
}

describe('limitLeftMs', () => {
  it.each([
    { when: 'its first attempt begins, whatever the clocks say', job: {} },
    { when: 'it belongs to no unit', job: { unit: null, stalls: 1 } },
    { when: 'its unit has a newer generation', job: { generation: 2, stalls: 1 } },
  ])('is all of it when $when', ({ job }) => {
    expect(left(job)).toBe(limitMs);
  });

  it.each([
    { when: 'a worker died', job: { stalls: 1 } },
    { when: 'an attempt is repeated', job: { attempt: 2 } },
  ])('is what the time since the stage began leaves when $when', ({ job }) => {
    expect(left(job)).toBe(30_000);
  });

  it('is next to nothing when the time is over, and never more than the whole', () => {
    expect(left({ stalls: 1 }, { build: began }, new Date('2026-01-01T01:00:00Z'))).toBe(1);
    expect(left({ stalls: 1 }, { build: began }, new Date('2025-12-31T23:00:00Z'))).toBe(limitMs);
    expect(left({ stalls: 1 }, {})).toBe(limitMs);
  });
});

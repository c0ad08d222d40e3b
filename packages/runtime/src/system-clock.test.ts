import { describe, expect, it } from '@jest/globals';
import { createSystemClock, createSystemIds } from './system-clock.ts';

describe('createSystemClock', () => {
  it('tells the time of this machine', () => {
    const clock = createSystemClock();

    const [before, now, after] = [Date.now(), clock.now().getTime(), Date.now()];

    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(after);
  });

  it('waits at least as long as it is told', async () => {
    const clock = createSystemClock();
    const startedMs = clock.monotonicMs();

    await clock.wait(20);

    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(20);
  });

  it('ends a wait with the reason of the signal', async () => {
    const clock = createSystemClock();
    const ends = new AbortController();
    const wait = clock.wait(3_600_000, ends.signal);

    ends.abort(new Error('no more'));

    await expect(wait).rejects.toThrow('no more');
    await expect(clock.wait(0, ends.signal)).rejects.toThrow('no more');
  });
});

describe('createSystemIds', () => {
  it('makes ids of version 7 and spreads chance from 0 to 1', () => {
    const ids = createSystemIds();

    const made = Array.from({ length: 100 }, () => ids.next());
    const chances = Array.from({ length: 100 }, () => ids.chance());

    expect(new Set(made).size).toBe(100);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.min(...chances)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...chances)).toBeLessThan(1);
  });
});

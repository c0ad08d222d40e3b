import { describe, expect, it } from '@jest/globals';
import { beginHeld, endHeld } from './held-slice.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const hold = { generation: 1, reason: 'freeze' as const, until: null };

describe('the wait for an environment to open, as people see it', () => {
  it('has begun with its first look, until it is over', () => {
    const first = beginHeld(undefined, { ...hold, now: at(0) });
    const again = beginHeld(first, { ...hold, reason: 'window', until: at(60), now: at(10) });

    expect(again).toMatchObject({ since: first.since, reason: 'window', until: at(60).toISOString(), openedAt: null });
    expect(endHeld(endHeld(again, at(20)), at(30)).openedAt).toBe(at(20).toISOString());
  });

  it('adds up the waits of a generation, and none of an earlier one', () => {
    const ended = endHeld(beginHeld(undefined, { ...hold, now: at(0) }), at(20));

    expect(beginHeld(ended, { ...hold, now: at(50) })).toMatchObject({
      since: at(50).toISOString(),
      earlierMs: 20 * 60_000,
      openedAt: null,
    });
    expect(beginHeld(ended, { ...hold, generation: 2, now: at(50) })).toMatchObject({ earlierMs: 0 });
  });
});

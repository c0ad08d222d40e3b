import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '@orchestra/testkit';
import { createStoreTime } from './store-time.ts';

describe('the time of the store', () => {
  const hour = 3_600_000;

  it('follows the wall clock, also when that jumps ahead', async () => {
    const clock = createFakeClock(new Date(0));
    const now = createStoreTime(clock);

    await clock.advance(10);
    const before = now();
    clock.jump(hour);

    expect([before, now()]).toEqual([10, hour + 10]);
  });

  it('goes on at its own pace when the wall clock goes back', async () => {
    const clock = createFakeClock(new Date(0));
    const now = createStoreTime(clock);
    await clock.advance(10);
    now();

    clock.jump(-hour);
    await clock.advance(5);
    const after = now();
    await clock.advance(7);

    expect([after, now()]).toEqual([15, 22]);
  });
});

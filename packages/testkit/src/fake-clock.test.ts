import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from './fake-clock.ts';

describe('createFakeClock', () => {
  it('stands still until it is told to go on', async () => {
    const clock = createFakeClock(new Date(0));

    await clock.advance(1_500);

    expect([clock.now().getTime(), clock.monotonicMs()]).toEqual([1_500, 1_500]);
  });

  it('ends waits in the order of their times, each at its own time', async () => {
    const clock = createFakeClock(new Date(0));
    const ended: [string, number][] = [];
    const wait = async (name: string, ms: number) => {
      await clock.wait(ms);
      ended.push([name, clock.monotonicMs()]);
    };
    const waits = [wait('late', 30), wait('early', 10), wait('never', 101), wait('middle', 20)];

    await clock.advance(100);

    expect(ended).toEqual([
      ['early', 10],
      ['middle', 20],
      ['late', 30],
    ]);
    expect(clock.waiting()).toBe(1);
    await clock.advance(1);
    await Promise.all(waits);
  });

  it('ends a wait that begins while it goes on', async () => {
    const clock = createFakeClock();
    let ticks = 0;
    const ticking = async () => {
      while (ticks < 5) {
        await clock.wait(10);
        ticks += 1;
      }
    };
    const done = ticking();

    await clock.advance(49);
    const before = ticks;
    await clock.advance(1);
    await done;

    expect([before, ticks]).toEqual([4, 5]);
  });

  it('ends a wait with the reason of the signal', async () => {
    const clock = createFakeClock();
    const ends = new AbortController();
    const wait = clock.wait(10, ends.signal);

    ends.abort(new Error('no more'));

    await expect(wait).rejects.toThrow('no more');
    await expect(clock.wait(10, ends.signal)).rejects.toThrow('no more');
    expect(clock.waiting()).toBe(0);
  });

  it('sets the wall clock off without touching waits', () => {
    const clock = createFakeClock(new Date(0));

    clock.jump(-3_600_000);

    expect([clock.now().getTime(), clock.monotonicMs()]).toEqual([-3_600_000, 0]);
  });
});

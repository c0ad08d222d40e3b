import { describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import type { GroupMember } from './group-member.ts';
import { keepMember } from './keep-member.ts';

const settings = { firstRetryMs: 1, longestRetryMs: 4 };
const unlucky = new Error('Broker not connected');
const refused = Object.assign(new Error('no'), { type: 'GROUP_AUTHORIZATION_FAILED' });

describe('keepMember', () => {
  it('follows a consumer that ended with a new one, and stops the one that is there', async () => {
    const world = aWorld();
    const stop = world.keep();

    world.end(unlucky);
    await eventually({ see: () => world.started(), until: (count) => count === 2 });
    await stop();

    expect(world.stopped()).toEqual([1, 2]);
    expect(world.hopeless).toEqual([]);
  });

  it('goes on for ever while the error is one that passes', async () => {
    const world = aWorld();
    world.failStarts(30, Object.assign(new Error('gone'), { retriable: true }));
    const stop = world.keep();

    world.end(unlucky);
    await eventually({ see: () => world.started(), until: (count) => count === 2 });
    await stop();

    expect(world.hopeless).toEqual([]);
  });

  it('gives up at once when no restart mends the error', async () => {
    const world = aWorld();
    const stop = world.keep();

    world.end(refused);
    await eventually({ see: () => world.hopeless.length, until: (count) => count > 0 });
    await stop();

    expect(world.hopeless).toEqual([refused]);
    expect(world.started()).toBe(1);
  });

  it('gives up after ten restarts without a fetch when nobody knows whether the error passes', async () => {
    const world = aWorld();
    world.failStarts(1_000, unlucky);
    const stop = world.keep();

    world.end(unlucky);
    await eventually({ see: () => world.hopeless.length, until: (count) => count > 0 });
    await stop();

    expect(world.attempts()).toBe(10);
  });

  it('counts anew after a fetch', async () => {
    const world = aWorld();
    const stop = world.keep();

    for (let count = 1; count <= 25; count += 1) {
      await eventually({ see: () => world.started(), until: (started) => started === count });
      world.fetch();
      world.end(unlucky);
    }
    await eventually({ see: () => world.started(), until: (started) => started === 26 });
    await stop();

    expect(world.hopeless).toEqual([]);
  });
});

interface World {
  keep(): () => Promise<void>;
  /** Ends the consumer that is there. */
  end(cause: unknown): void;
  fetch(): void;
  failStarts(count: number, error: unknown): void;
  started(): number;
  attempts(): number;
  stopped(): number[];
  hopeless: unknown[];
}

function aWorld(): World {
  const ends: PromiseWithResolvers<unknown>[] = [];
  const stopped: number[] = [];
  const hopeless: unknown[] = [];
  let fetches = 0;
  let attempts = 0;
  let failures: { left: number; error: unknown } = { left: 0, error: unlucky };

  function member(): GroupMember {
    const end = Promise.withResolvers<unknown>();
    const number = ends.push(end);
    return { ended: end.promise, stop: async () => void stopped.push(number) };
  }

  return {
    keep: () =>
      keepMember({
        first: member(),
        settings,
        start: async () => {
          attempts += 1;
          if (failures.left === 0) return member();
          failures.left -= 1;
          throw failures.error;
        },
        takeFetches: () => fetches,
        onHopeless: (cause) => hopeless.push(cause),
      }),
    end: (cause) => {
      ends.at(-1)?.resolve(cause);
    },
    fetch: () => {
      fetches += 1;
    },
    failStarts: (left, error) => {
      failures = { left, error };
    },
    started: () => ends.length,
    attempts: () => attempts,
    stopped: () => stopped,
    hopeless,
  };
}

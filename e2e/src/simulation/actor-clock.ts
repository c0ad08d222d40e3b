import type { Clock, Ids } from '@orchestra/runtime';
import type { Actor } from './actor.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

const beginning = Date.UTC(2030, 0, 1);
// Timers of a busy process are late.
const lateMs = 20;

interface ClockOf {
  timeline: Timeline;
  random: Random;
  /** Whose clock it is; null: the world's own, which is never late. */
  actor: Actor | null;
  /** How far the wall clock is off. */
  offsetMs(): number;
}

/** A clock on virtual time. */
export function createActorClock({ timeline, random, actor, offsetMs }: ClockOf): Clock {
  return {
    now: () => new Date(beginning + timeline.nowMs() + offsetMs()),
    monotonicMs: () => timeline.nowMs(),
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const delayMs = ms + (actor === null ? 0 : random.next() * lateMs);
        const pending = timeline.after(delayMs, actor, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        function abort(): void {
          timeline.cancel(pending);
          reject(signal?.reason);
        }
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
}

/** Ids that sort by virtual time, as those of the platform do. */
export function createSeededIds(timeline: Timeline, random: Random): Ids {
  return {
    next() {
      const ms = Math.floor(beginning + timeline.nowMs());
      const time = ms.toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
    },
    chance: () => random.next(),
  };
}

/** Hex digits by chance. */
export function hex(random: Random, length: number): string {
  return Array.from({ length }, () => random.whole(0, 15).toString(16)).join('');
}

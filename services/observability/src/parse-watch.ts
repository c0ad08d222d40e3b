import type { Watch } from './judge/judge-watch.ts';

/** The watch that a parked job kept, or null: it has just begun. Only this service writes it. */
export function parseWatch(memo: unknown): Watch | null {
  if (typeof memo !== 'object' || memo === null || !('watch' in memo)) return null;
  return memo.watch as Watch;
}

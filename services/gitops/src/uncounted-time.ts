import type { HeldSlice, RunState } from '@orchestra/contracts';

/**
 * Time that does not count against the deadline of a run: the wait of a rollout for its environment to open, and what people
 * have added to a watch. Of several waits, which go on side by side, the longest.
 */
export function uncountedMs({ slices, generation }: Pick<RunState, 'slices' | 'generation'>, now: Date): number {
  const held = Object.values(slices.deploy).map((rollout) => heldMs(rollout.held, generation, now));
  const extended = Object.values(slices.observability).map((watch) => watch.extendedMs ?? 0);
  return Math.max(0, ...held) + Math.max(0, ...extended);
}

// A retry starts the deadline anew.
function heldMs(held: HeldSlice | undefined, generation: number, now: Date): number {
  if (held === undefined || held.generation !== generation) return 0;
  const end = held.openedAt === null ? now.getTime() : Date.parse(held.openedAt);
  return held.earlierMs + Math.max(0, end - Date.parse(held.since));
}

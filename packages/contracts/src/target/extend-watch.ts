import type { Target } from './target.ts';
import { findRelease, move, refuse, type Transition } from './transition.ts';

/** An order to watch a release for longer. The same one counts once. */
export interface WatchExtension {
  release: string;
  commandId: string;
  ms: number;
  actor: string;
}

/** Makes the watch over a release longer, while it goes on. Refused `not_watched` before it has begun and after its last word. */
export function extendWatch(target: Target, { release, ...extension }: WatchExtension): Transition {
  const found = findRelease(target, release);
  if (found === null) return refuse('release_unknown');
  const before = found.extensions ?? [];
  if (before.some(({ commandId }) => commandId === extension.commandId)) return move(target);
  if (found.health !== 'watching' || target.current !== release) return refuse('not_watched');
  const extensions = [...before, extension];
  return move({ ...target, history: target.history.map((one) => (one === found ? { ...one, extensions } : one)) });
}

/** By how many milliseconds people have made the watch over a release longer. */
export function extendedMs(target: Target, release: string | null): number {
  const extensions = (release === null ? null : findRelease(target, release))?.extensions ?? [];
  return extensions.reduce((sum, { ms }) => sum + ms, 0);
}

import type { Target } from '@orchestra/contracts';

/** The release that served before this one, or still does beside its rollout; null: this is the first. */
export function previousRelease(target: Target, release: string | null): string | null {
  const at = target.history.findIndex((record) => record.release === release);
  return at === -1 ? (target.lane?.previous ?? null) : (target.history[at - 1]?.release ?? null);
}

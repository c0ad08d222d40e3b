import type { Drift, Target } from '@orchestra/contracts';
import { isDeepStrictEqual } from 'node:util';

/** What the document says of it from now on; undefined: nothing was changed. */
export function nextDrift(target: Target, changes: Drift['changes'], now: Date): Drift | undefined {
  if (changes.length === 0) return undefined;
  const { drift, current, epoch } = target;
  const isKnown = drift?.release === current && drift?.epoch === epoch && isDeepStrictEqual(drift.changes, changes);
  return isKnown ? drift : { release: current ?? '', epoch, seenAt: now.toISOString(), changes };
}

import type { Wish } from '@orchestra/contracts';
import { decodeInstant, decodeJson } from './decode-reply.ts';

interface StoredWish extends Pick<Wish, 'wish' | 'generation' | 'reason'> {
  /** Absent: all. cjson writes an empty list as an object. */
  units?: string[] | Record<string, never>;
  actor?: string;
  at: number;
}

/** The wishes of a run, as the scripts keep them; null: there are none. */
export function decodeWishes(reply: unknown): Wish[] {
  if (reply === null || reply === undefined) return [];
  return (decodeJson(reply) as StoredWish[]).map(({ wish, generation, units, reason, actor, at }) => ({
    wish,
    generation,
    units: decodeUnits(units),
    reason,
    actor: actor ?? null,
    at: decodeInstant(at) ?? '',
  }));
}

function decodeUnits(units: StoredWish['units']): readonly string[] | null {
  if (units === undefined) return null;
  return Array.isArray(units) ? units : [];
}

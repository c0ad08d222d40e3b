import type { KeptSample } from '@orchestra/runtime';

/** Samples are thinned to one in this time. */
export const minuteMs = 60_000;

/** How long samples are kept: as long as earlier days may be asked for, and a day more. */
export const samplesKeptMs = 15 * 86_400_000;

/** The minute of a moment, counted since 1970. @param at ISO 8601 */
export function minuteOf(at: string): number {
  return Math.floor(Date.parse(at) / minuteMs);
}

/** What is kept of a sample, JSON; its target and its minute name it. */
export function encodeSample({ release, values }: KeptSample): string {
  return JSON.stringify({ release, values });
}

import { eventually } from './eventually.ts';
import type { Traffic } from './traffic.ts';

const samples = 300;
const tolerance = 10;
const timeoutMs = 60_000;

/** Which share of the answers is expected to begin with a text. */
export interface ExpectedShare {
  body: string;
  percent: number;
}

/**
 * Waits until the share of an answer is within ten points of what is expected, among 300 answers in a row.
 *
 * @returns the share in percent
 * @throws Error after a minute, with the share that was seen last
 */
export async function untilShare({ seen }: Traffic, { body, percent }: ExpectedShare): Promise<number> {
  const count = (): number => seen.counts.get(body) ?? 0;
  let begun = { answered: seen.answered, count: count() };
  let share = NaN;
  await eventually({
    timeoutMs,
    see: () => {
      const answered = seen.answered - begun.answered;
      if (answered < samples) return share;
      share = ((count() - begun.count) * 100) / answered;
      begun = { answered: seen.answered, count: count() };
      return share;
    },
    until: (found) => Math.abs(found - percent) <= tolerance,
  });
  return share;
}

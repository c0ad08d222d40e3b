import { addDays } from '../plan/local-time.ts';
import type { WindowsPlan } from '../plan/find-opening.ts';
import type { PipelineFile } from './schema.ts';

type Written = NonNullable<NonNullable<PipelineFile['deployment']>['windows']>;
export type WrittenFreeze = Written[number]['freezes'][number];

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The windows of each environment that has some. */
export function resolveWindows(written: Written): Readonly<Record<string, WindowsPlan>> {
  return Object.fromEntries(
    written.map(({ environment, time_zone: timeZone, allow, freezes }) => [
      environment,
      {
        timeZone,
        allow: allow.map((window) => ({
          days: (window.days ?? days).map((day) => days.indexOf(day) + 1),
          fromMinute: readMinute(window.from),
          untilMinute: readMinute(window.until),
        })),
        freezes: freezes.map((freeze) => ({ ...resolveFreeze(freeze), note: freeze.note ?? null })),
      },
    ]),
  );
}

/** Local times, the end not included: a last day is over at the midnight after it. */
export function resolveFreeze({ from, until }: WrittenFreeze): { from: string; until: string } {
  return {
    from: isDay(from) ? `${from}T00:00` : from.replace(' ', 'T'),
    until: isDay(until) ? `${addDays(until, 1)}T00:00` : until.replace(' ', 'T'),
  };
}

function isDay(text: string): boolean {
  return text.length === 'YYYY-MM-DD'.length;
}

// Since midnight.
function readMinute(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

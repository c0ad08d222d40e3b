import { addDays, fromLocalTime, renderMinute, toLocalTime, type LocalTime } from './local-time.ts';

/** When an environment may be released to, by the clocks of one time zone. */
export interface WindowsPlan {
  /** IANA, such as Europe/Berlin. */
  timeZone: string;
  /** Without one every time of the week is open. `days`: 1 is Monday; minutes of the day, the end not included, up to 1440. */
  allow: readonly { days: readonly number[]; fromMinute: number; untilMinute: number }[];
  /** From a local time to another, the end not included; both YYYY-MM-DDTHH:MM. */
  freezes: readonly { from: string; until: string; note: string | null }[];
}

/** Whether it is open. `opensAt`: null where it does not open within a year. */
export type Opening =
  | { kind: 'open' }
  | { kind: 'closed'; reason: 'window' | 'freeze'; note: string | null; opensAt: Date | null };

const lookAheadDays = 370;

/** Whether an environment may be released to now, and if not, from when on. Pure. */
export function findOpening(windows: WindowsPlan, now: Date): Opening {
  const local = toLocalTime(now, windows.timeZone);
  const freeze = freezeAt(windows, local);
  if (freeze === null && isInWindow(windows, local)) return { kind: 'open' };
  const reason = freeze === null ? 'window' : 'freeze';
  return { kind: 'closed', reason, note: freeze?.note ?? null, opensAt: findNext(windows, { now, today: local.date }) };
}

function freezeAt({ freezes }: WindowsPlan, local: LocalTime) {
  const shown = `${local.date}T${renderMinute(local.minuteOfDay)}`;
  return freezes.find(({ from, until }) => from <= shown && shown < until) ?? null;
}

function isInWindow({ allow }: WindowsPlan, { weekday, minuteOfDay }: LocalTime): boolean {
  return allow.length === 0 || allow.some((window) => isWithin(window, weekday, minuteOfDay));
}

// A window that ends before it begins goes on after midnight.
function isWithin(
  { days, fromMinute, untilMinute }: WindowsPlan['allow'][number],
  weekday: number,
  minute: number,
): boolean {
  if (fromMinute < untilMinute) return days.includes(weekday) && fromMinute <= minute && minute < untilMinute;
  const before = weekday === 1 ? 7 : weekday - 1;
  return (days.includes(weekday) && fromMinute <= minute) || (days.includes(before) && minute < untilMinute);
}

// It can open only where a window begins, at midnight at the latest, or where a freeze ends.
function findNext(windows: WindowsPlan, { now, today }: { now: Date; today: string }): Date | null {
  const { timeZone, allow, freezes } = windows;
  const minutes = [...new Set(allow.map(({ fromMinute }) => fromMinute))].toSorted((left, right) => left - right);
  const ends = freezes.map(({ until }) => readLocal(until));
  for (let day = 0; day <= lookAheadDays; day += 1) {
    const date = addDays(today, day);
    const own = ends.filter((end) => end.date === date).map(({ minuteOfDay }) => minuteOfDay);
    const next = [...minutes, ...own]
      .map((minuteOfDay) => fromLocalTime({ date, minuteOfDay }, timeZone))
      .toSorted((left, right) => left.getTime() - right.getTime())
      .find((moment) => moment > now && isOpenAt(windows, moment));
    if (next !== undefined) return next;
  }
  return null;
}

function isOpenAt(windows: WindowsPlan, moment: Date): boolean {
  const local = toLocalTime(moment, windows.timeZone);
  return freezeAt(windows, local) === null && isInWindow(windows, local);
}

function readLocal(text: string): { date: string; minuteOfDay: number } {
  const [date = '', time = '00:00'] = text.split('T');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return { date, minuteOfDay: hours * 60 + minutes };
}

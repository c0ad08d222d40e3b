/** A moment as clocks of a time zone show it, to the minute. */
export interface LocalTime {
  /** YYYY-MM-DD */
  date: string;
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  minuteOfDay: number;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** What the clocks of an IANA time zone show. @throws RangeError for a zone that the machine does not know */
export function toLocalTime(moment: Date, timeZone: string): LocalTime {
  const shown = shownAsUtc(moment, timeZone);
  const midnight = Math.floor(shown / dayMs) * dayMs;
  const date = new Date(midnight);
  return {
    date: date.toISOString().slice(0, 10),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
    minuteOfDay: Math.floor((shown - midnight) / minuteMs),
  };
}

/**
 * The moment when clocks of a time zone show a time. One that they skip in spring is as far behind the change as it is
 * written; of one that they show twice in autumn it is the first.
 *
 * @param minuteOfDay 0 to 1440
 */
export function fromLocalTime({ date, minuteOfDay }: Omit<LocalTime, 'weekday'>, timeZone: string): Date {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minuteOfDay * minuteMs;
  const offsetAt = (moment: number): number => shownAsUtc(new Date(moment), timeZone) - moment;
  // The offsets of a day before and after hold on either side of a change between them.
  const candidates = [offsetAt(wanted - dayMs), offsetAt(wanted + dayMs)].map((offset) => wanted - offset);
  const exact = candidates.filter((moment) => moment + offsetAt(moment) === wanted);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates));
}

/** The same for people, such as 2026-03-09 09:00 Europe/Berlin. */
export function renderLocalTime(moment: Date, timeZone: string): string {
  const { date, minuteOfDay } = toLocalTime(moment, timeZone);
  return `${date} ${renderMinute(minuteOfDay)} ${timeZone}`;
}

/** HH:MM */
export function renderMinute(minuteOfDay: number): string {
  return `${twoDigits(Math.floor(minuteOfDay / 60))}:${twoDigits(minuteOfDay % 60)}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}

/** The day so many days after a date. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function shownAsUtc(moment: Date, timeZone: string): number {
  const whole = Math.floor(moment.getTime() / 1000) * 1000;
  const shown = new Map(
    formatOf(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

// To make one takes longer than thousands of uses.
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', {
    ...numeric,
    second: 'numeric',
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
    timeZone,
  });
  formats.set(timeZone, made);
  return made;
}

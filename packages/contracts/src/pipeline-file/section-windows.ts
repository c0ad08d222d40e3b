import { z } from 'zod';
import { choice } from './choice.ts';
import { line, targetName } from './fields.ts';

const day = choice({ values: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] });

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time in quotes, such as '09:30'; the end of a day is '24:00'");

const timeZone = z
  .string()
  .max(100, 'must have at most 100 characters')
  .refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin');

const dateOrTime = z
  .string()
  .refine(isDateOrTime, 'must be a date or a date and a time, such as 2026-12-18 or 2026-12-18T18:00');

const allow = z.strictObject({
  days: z
    .array(day)
    .min(1, 'must name at least one day')
    .max(7, 'must have at most 7 days')
    .describe('Days, such as mon. Default: all.')
    .optional(),
  from: timeOfDay.describe('When it begins. Required.'),
  until: timeOfDay.describe('When it ends. One that is earlier than `from` is of the next day. Required.'),
});

const freeze = z.strictObject({
  from: dateOrTime.describe('Its first day, or the time when it begins. Required.'),
  until: dateOrTime.describe('Its last day, or the time when it ends. Required.'),
  note: line.optional().describe('Why, for those who wait.'),
});

export const windows = z
  .array(
    z.strictObject({
      environment: targetName.describe('The environment. Required.'),
      time_zone: timeZone.default('UTC').describe('The time zone of all times here, such as Europe/Berlin.'),
      allow: z
        .array(allow)
        .max(50, 'must have at most 50 windows')
        .default([])
        .describe('When releases may begin. Without one: always, but for `freezes`.'),
      freezes: z
        .array(freeze)
        .max(100, 'must have at most 100 freezes')
        .default([])
        .describe('When none may, whatever `allow` says.'),
    }),
  )
  .max(10, 'must have at most 10 environments')
  .describe(
    'When releases to an environment may begin. One that comes at another time waits; a rollback never does. Default: always.',
  );

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isDateOrTime(text: string): boolean {
  const [, date, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?$/.exec(text) ?? [];
  const moment = new Date(`${date ?? ''}T${time}:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(`${date ?? ''}T${time}`);
}

import { isTopic } from '@orchestra/contracts';
import type { DeadLetter, OpenedLetter } from '@orchestra/runtime';
import { z } from 'zod';
import { defineRoute, type Call, type Route } from './route.ts';
import { nothing } from './shapes.ts';
import { clientOf } from './client-of.ts';

const letterName = z.object({
  letter: z
    .string()
    .regex(/^[a-z_]{1,100}:\d{1,6}:\d{1,19}$/, 'must be topic:partition:offset, as the list shows it')
    .describe('The id that the list shows'),
});
const disposalBody = z.strictObject({ reason: z.string().max(500).nullish().describe('Why, for the audit log') });

const letterShape = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.int().nullable(),
  offset: z.string().nullable(),
  group: z.string().describe('The consumer group that refused the record'),
  reason: z.string().describe('Code of the error'),
  message: z.string(),
  at: z.string().describe('When it was refused'),
  writtenAt: z.string().nullable().describe('When the record was written'),
  key: z.string(),
  sizeBytes: z.int(),
  eventId: z.string().nullable(),
  runId: z.string().nullable(),
});
const opened = letterShape.extend({
  headers: z.record(z.string(), z.string()).describe('Those of the original'),
  base64: z.string().describe('The original bytes'),
  hex: z.string().describe('The same bytes'),
  payload: z.unknown().describe('What the bytes say; null when this version cannot read them'),
  unreadable: z.object({ code: z.string(), message: z.string() }).nullable(),
});

type DisposalCall = Call<z.output<typeof letterName>, unknown, z.output<typeof disposalBody>>;

const disposal = {
  method: 'post',
  parameters: letterName,
  query: nothing,
  body: disposalBody,
  answer: z.object({ letter: letterShape }),
  done: true,
} as const;

/** Records that services could not accept, and what people do with them. */
export const deadLetterRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/dead-letters',
    role: 'operator',
    summary: 'The records that services refused and nobody has replayed or dropped, oldest first',
    parameters: nothing,
    query: z.strictObject({
      topic: z.string().refine(isTopic, 'no such topic').optional(),
      group: z.string().max(100).optional().describe('Such as orchestra.test'),
    }),
    body: nothing,
    answer: z.object({ letters: z.array(letterShape) }),
    work: async ({ query, context }) => {
      const { topic = null, group = null } = query;
      return { letters: await context.deadLetters.list({ topic, group }) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/dead-letters/{letter}',
    role: 'operator',
    summary: 'A dead letter with its original bytes and headers',
    parameters: letterName,
    query: nothing,
    body: nothing,
    answer: opened,
    work: async ({ path, context }) => showOpened(await context.deadLetters.open(path.letter)),
  }),
  defineRoute({
    ...disposal,
    path: '/dead-letters/{letter}/replay',
    role: 'operator',
    summary: 'Publishes the original bytes again, for the group that refused them',
    work: (call) => dispose('replay', call),
  }),
  defineRoute({
    ...disposal,
    path: '/dead-letters/{letter}/drop',
    role: 'admin',
    summary: 'Closes a dead letter without publishing it',
    work: (call) => dispose('drop', call),
  }),
];

function showOpened({ letter, value, headers, decoded }: OpenedLetter): z.input<typeof opened> {
  const read = decoded.kind === 'payload';
  return {
    ...letter,
    headers: { ...headers },
    base64: value.toString('base64'),
    hex: value.toString('hex'),
    payload: read ? decoded.payload : null,
    unreadable: read ? null : { code: decoded.code, message: decoded.message },
  };
}

// In the audit log first: nothing happens to a record without a line that says who wanted it.
async function dispose(action: 'replay' | 'drop', call: DisposalCall): Promise<{ letter: DeadLetter }> {
  const { path, body, token, context } = call;
  const { letter } = await context.deadLetters.open(path.letter);
  const by = { actor: token.name, reason: body.reason ?? null };
  await context.store.audit({
    at: context.clock.now().toISOString(),
    service: 'chatops',
    id: context.ids.next(),
    actor: by.actor,
    source: clientOf(call),
    action: `dead_letter_${action}`,
    letter: letter.id,
    group: letter.group,
    runId: letter.runId ?? '',
    reason: by.reason ?? '',
  });
  return { letter: await context.deadLetters[action](letter.id, by) };
}

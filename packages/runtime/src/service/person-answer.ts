import { z } from 'zod';
import type { ServiceStore } from './context.ts';

const answerSchema = z.object({
  says: z.enum(['go_on', 'abort']),
  actor: z.string(),
  /** The order that brought it. */
  eventId: z.string(),
  /** ISO 8601; empty in an answer that an older version has kept. */
  at: z.string().default(''),
  note: z.string().nullable().default(null),
  /** The generation of the run in which it was given. */
  generation: z.int().default(1),
});

/** What a person said to a question. */
export type PersonAnswer = z.output<typeof answerSchema>;

interface Question {
  runId: string;
  /** Names what is asked about, so that an answer is for nothing else. */
  key: string;
}

type Answers = Pick<ServiceStore, 'answer' | 'readAnswer'>;

// Nobody needs so many people; an end of the search is a must.
const mostAnswers = 200;

/** The name under which the answer with this number waits, from 1: a job that has read n of them parks on n + 1. */
export function answerKeyOf({ key }: Pick<Question, 'key'>, number: number): string {
  return number === 1 ? key : `${key}/${number}`;
}

/** All answers to a question, in the order in which they came. */
export async function readAnswers(
  store: Pick<Answers, 'readAnswer'>,
  { runId, key }: Question,
): Promise<PersonAnswer[]> {
  const found: PersonAnswer[] = [];
  while (found.length < mostAnswers) {
    const text = await store.readAnswer(runId, answerKeyOf({ key }, found.length + 1));
    if (text === null) return found;
    found.push(answerSchema.parse(JSON.parse(text)));
  }
  return found;
}

/**
 * Adds an answer behind those that are there, and wakes who waits for it. Two at once take two places: each place is
 * taken by one atomic step. The same order twice takes one.
 *
 * @param atMost how many answers the question takes
 * @returns `already`: it has all the answers that it takes
 */
export async function giveAnswer(
  store: Answers,
  { runId, key, atMost = mostAnswers }: Question & { atMost?: number },
  answer: PersonAnswer,
): Promise<'stored' | 'already' | 'run_unknown'> {
  for (let number = 1; number <= atMost; number += 1) {
    const place = answerKeyOf({ key }, number);
    const stored = await store.answer(runId, place, JSON.stringify(answer));
    if (stored !== 'already') return stored;
    if (await holdsSame(store, { runId, key: place }, answer)) return 'stored';
  }
  return 'already';
}

async function holdsSame(
  store: Pick<Answers, 'readAnswer'>,
  { runId, key }: Question,
  { eventId, says }: PersonAnswer,
): Promise<boolean> {
  const text = await store.readAnswer(runId, key);
  const held = text === null ? null : answerSchema.parse(JSON.parse(text));
  return held?.eventId === eventId && held.says === says;
}

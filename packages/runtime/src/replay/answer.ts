import type { Received, Topic } from '@orchestra/contracts';

/** What a service says about a unit, without ids, times and measurements: what two builds have to agree on. */
export interface Answer {
  topic: Topic;
  unit: string;
  /** Words of closed lists: outcome, phase, verdict, and what else of the payload is a decision. */
  says: Readonly<Record<string, string | number | boolean | null>>;
}

const words = [
  'outcome',
  'reason',
  'phase',
  'step',
  'steps',
  'weightPercent',
  'strategy',
  'release',
  'previousRelease',
  'verdict',
  'final',
  'attribution',
  'fromRelease',
  'toRelease',
  'quarantined',
  'action',
];

/** The decisions in an event. */
export function answerOf({ topic, subject, data }: Received<Topic>): Answer {
  const said = words.flatMap((word) => {
    const value: unknown = Reflect.get(data, word);
    return isPlain(value) ? [[word, value] as const] : [];
  });
  return { topic, unit: subject, says: Object.fromEntries(said) };
}

/** Whether two lists hold the same answers, in any order. */
export function sameAnswers(left: readonly Answer[], right: readonly Answer[]): boolean {
  const texts = (answers: readonly Answer[]): string =>
    answers
      .map((answer) => JSON.stringify(answer))
      .toSorted()
      .join();
  return texts(left) === texts(right);
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

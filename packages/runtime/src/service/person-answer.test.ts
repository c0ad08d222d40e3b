import { describe, expect, it } from '@jest/globals';
import { answerKeyOf, giveAnswer, readAnswers, type PersonAnswer } from './person-answer.ts';

const question = { runId: 'run-1', key: 'approval/production/sha256:1' };

function givenStore() {
  const kept = new Map<string, string>();
  return {
    kept,
    answer: async (_run: string, key: string, memo: string) => {
      if (kept.has(key)) return 'already' as const;
      kept.set(key, memo);
      return 'stored' as const;
    },
    readAnswer: async (_run: string, key: string) => kept.get(key) ?? null,
  };
}

function anAnswer(actor: string, eventId = `order of ${actor}`): PersonAnswer {
  return { says: 'go_on', actor, eventId, at: '2026-01-01T00:00:00Z', note: null, generation: 1 };
}

describe('answers to one question', () => {
  it('are kept in the order in which they came, each under the key that the next job waits on', async () => {
    const store = givenStore();

    await Promise.all([giveAnswer(store, question, anAnswer('ada')), giveAnswer(store, question, anAnswer('grace'))]);

    expect((await readAnswers(store, question)).map(({ actor }) => actor)).toEqual(['ada', 'grace']);
    expect([...store.kept.keys()]).toEqual([question.key, answerKeyOf(question, 2)]);
  });

  it('are not kept twice when the same order comes again', async () => {
    const store = givenStore();

    expect(await giveAnswer(store, question, anAnswer('ada'))).toBe('stored');
    expect(await giveAnswer(store, question, anAnswer('ada'))).toBe('stored');

    expect(await readAnswers(store, question)).toHaveLength(1);
  });

  it('are no more than the question takes', async () => {
    const store = givenStore();
    await giveAnswer(store, { ...question, atMost: 1 }, anAnswer('ada'));

    expect(await giveAnswer(store, { ...question, atMost: 1 }, anAnswer('grace'))).toBe('already');
  });

  it('of an older version are read', async () => {
    const store = givenStore();
    store.kept.set(question.key, '{"says":"abort","actor":"ada","eventId":"e"}');

    expect(await readAnswers(store, question)).toMatchObject([{ says: 'abort', generation: 1, note: null }]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aChatCompletion,
  aProposalRequest,
  startFakeOpenai,
  testProposals,
  type FakeAnswer,
  type HttpFake,
} from '@orchestra/testkit';
import { createOpenaiProposals } from './openai-proposals.ts';

const usual = { apiKey: 'key-of-the-house', model: 'm', timeoutMs: 30_000, maxTokens: 500, maxAnswerBytes: 20_000 };

testProposals('a server like that of OpenAI', async () => {
  const server = await startFakeOpenai();
  const answers: Record<string, FakeAnswer> = {
    'is down': { status: 503 },
    refuses: aChatCompletion(null),
    'is silent': null,
  };
  return {
    proposals: createOpenaiProposals({ ...usual, baseUrl: `${server.url}/v1` }),
    asked: () => server.seen.length,
    next: (misbehaviour) => void server.next.push(answers[misbehaviour] ?? null),
    close: () => server.close(),
  };
});

describe('createOpenaiProposals', () => {
  let server: HttpFake;
  const ask = (change: Partial<typeof usual> = {}) =>
    createOpenaiProposals({ ...usual, baseUrl: `${server.url}/v1`, ...change }).propose(
      aProposalRequest,
      new AbortController().signal,
    );

  beforeEach(async () => {
    server = await startFakeOpenai();
  });
  afterEach(() => server.close());

  it('sends the request and nothing else of the house, bounded and in a form', async () => {
    await ask();

    const [seen] = server.seen;
    const body = JSON.parse(seen?.body ?? '');
    expect(seen).toMatchObject({ path: '/v1/chat/completions', headers: { authorization: 'Bearer key-of-the-house' } });
    expect(JSON.parse(body.messages[1].content)).toEqual(aProposalRequest);
    expect(body).toMatchObject({
      model: 'm',
      max_completion_tokens: 500,
      store: false,
      response_format: { type: 'json_schema', json_schema: { strict: true } },
    });
  });

  it.each<[string, FakeAnswer]>([
    ['no JSON', aChatCompletion('Here is your file: main.tf')],
    ['another form', aChatCompletion('{"files":[{"path":1}]}')],
    ['no file', aChatCompletion('{"files":[]}')],
    ['an answer that was cut', aChatCompletion('{"files":[{"path":"main.tf","content":"x"}]}', 'length')],
    ['no completion', { status: 200, body: { hello: 'world' } }],
    ['a huge answer', aChatCompletion('x'.repeat(50_000))],
    ['a key that is not known', { status: 401, body: { error: { message: 'key-of-the-house is wrong' } } }],
  ])('refuses %s without showing it, after one question', async (_what, answer) => {
    server.next.push(answer);

    const refused = await ask().catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'MODEL_REFUSED', retriable: false });
    expect(String(refused)).not.toContain('key-of-the-house');
    expect(server.seen).toHaveLength(1);
  });

  it.each<[string, FakeAnswer]>([
    ['a limit of requests', { status: 429, headers: { 'retry-after': '1' } }],
    ['silence', null],
  ])('does not ask again after %s', async (_what, answer) => {
    server.next.push(answer);

    await expect(ask({ timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE', retriable: true });
    expect(server.seen).toHaveLength(1);
  });

  it('follows nobody to another server', async () => {
    server.next.push({ status: 307, headers: { location: `${server.url}/elsewhere/chat/completions` } });

    await expect(ask()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(server.seen.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
  });
});

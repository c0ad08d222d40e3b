import { startHttpFake, type FakeAnswer, type HttpFake } from './http-fake.ts';

/** A server with the chat completions of OpenAI that always proposes one small file. */
export async function startFakeOpenai(): Promise<HttpFake> {
  const files = [{ path: 'main.tf', content: 'terraform {\n  required_version = ">= 1.6"\n}\n' }];
  return startHttpFake(({ method, path }) =>
    method === 'POST' && path.endsWith('/chat/completions')
      ? aChatCompletion(JSON.stringify({ files }))
      : { status: 404, body: { error: { message: 'no such path' } } },
  );
}

/** The answer of a chat completion with this text, or one that ended in another way. */
export function aChatCompletion(content: string | null, ending: 'stop' | 'length' = 'stop'): FakeAnswer {
  const message = { role: 'assistant', content, refusal: content === null ? 'I will not do that.' : null };
  return {
    status: 200,
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_767_225_600,
      model: 'fake-model',
      choices: [{ index: 0, finish_reason: ending, logprobs: null, message }],
      usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
    },
  };
}

import { describe, expect, it } from '@jest/globals';
import { openaiEnv, openProposals } from './openai-env.ts';

describe('openProposals', () => {
  it.each([
    [{}, ['OPENAI_API_KEY', 'OPENAI_MODEL']],
    [{ OPENAI_API_KEY: 'k' }, ['OPENAI_MODEL']],
    [{ OPENAI_MODEL: 'm', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, ['OPENAI_API_KEY']],
  ])('says what %j lacks', (env, missing) => {
    expect(openProposals(openaiEnv.parse(env))).toEqual({ missing });
  });

  it('opens a model with key and name', () => {
    const settings = openaiEnv.parse({ OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' });

    expect(openProposals(settings)).toEqual({ propose: expect.any(Function) });
    expect(JSON.stringify(settings)).not.toContain('"k"');
  });
});

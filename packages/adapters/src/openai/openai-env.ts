import { createSecret } from '@orchestra/runtime';
import { z } from 'zod';
import { createOpenaiProposals } from './openai-proposals.ts';
import type { Proposals } from './proposals.ts';

/** What a service that asks a language model reads from the environment. */
export const openaiEnv = z.object({
  /** Key of the language model that proposes configurations. Without it and OPENAI_MODEL none is asked, whatever the pipeline file says. */
  OPENAI_API_KEY: z.string().min(1).transform(createSecret).optional(),
  /** Address of another server with the chat completions of OpenAI, such as `http://127.0.0.1:8000/v1`. */
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Name of the model. */
  OPENAI_MODEL: z.string().min(1).optional(),
});

// One question a run and environment: an answer of 8000 tokens takes a slow model a minute.
const limits = { timeoutMs: 90_000, maxTokens: 8_192, maxAnswerBytes: 524_288 };

/** The model that the settings name, or what they lack for one. */
export function openProposals(settings: z.output<typeof openaiEnv>): Proposals | { missing: readonly string[] } {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl = null, OPENAI_MODEL: model } = settings;
  if (apiKey !== undefined && model !== undefined) {
    return createOpenaiProposals({ apiKey: apiKey.reveal(), baseUrl, model, ...limits });
  }
  const names = { OPENAI_API_KEY: apiKey, OPENAI_MODEL: model };
  return { missing: Object.entries(names).flatMap(([name, value]) => (value === undefined ? [name] : [])) };
}

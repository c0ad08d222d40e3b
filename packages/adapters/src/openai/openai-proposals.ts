import { OrchestraError } from '@orchestra/runtime';
import { createBoundedFetch } from './bounded-fetch.ts';
import { answerSchema, parseAnswer } from './parse-answer.ts';
import type { ProposalRequest, Proposals } from './proposals.ts';
import { renderInstructions, renderRequest } from './render-prompt.ts';

export interface OpenaiOptions {
  apiKey: string;
  /** Null: that of OpenAI. */
  baseUrl: string | null;
  model: string;
  /** Longest time of the one request. */
  timeoutMs: number;
  maxTokens: number;
  /** Longest answer of the server. */
  maxAnswerBytes: number;
}

/**
 * Proposals of a model behind the chat completions of OpenAI, or of a server that speaks like it.
 *
 * @see OpenAI API reference, "Create chat completion", with `response_format` of type `json_schema`
 */
export function createOpenaiProposals(options: OpenaiOptions): Proposals {
  return {
    async propose(request, signal) {
      signal.throwIfAborted();
      return parseAnswer(await ask(options, request, signal));
    },
  };
}

async function ask(options: OpenaiOptions, request: ProposalRequest, signal: AbortSignal): Promise<unknown> {
  // The library is large, and most installations never ask: it is loaded by the first question.
  const { APIError, OpenAI } = await import('openai');
  const client = new OpenAI({ ...connection(options), ...nothingFromEnvironment });
  try {
    return await client.chat.completions.create(bodyOf(options, request), { signal });
  } catch (error) {
    signal.throwIfAborted();
    const refusal = findRefusal(error);
    if (refusal !== null) throw refusal;
    throw explainError(error instanceof APIError ? (error.status ?? null) : null);
  }
}

function connection({ apiKey, baseUrl, timeoutMs, maxAnswerBytes }: OpenaiOptions) {
  const fetchAll = createBoundedFetch(maxAnswerBytes);
  // A question is asked once, also when its answer was lost.
  return {
    apiKey,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    timeout: timeoutMs,
    maxRetries: 0,
    fetch: fetchAll,
  };
}

// The library reads more variables by itself; only our settings count.
const nothingFromEnvironment = { organization: null, project: null, webhookSecret: null, logLevel: 'off' } as const;

function bodyOf({ model, maxTokens }: OpenaiOptions, request: ProposalRequest) {
  return {
    model,
    max_completion_tokens: maxTokens,
    store: false,
    messages: [
      { role: 'system' as const, content: renderInstructions(request) },
      { role: 'user' as const, content: renderRequest(request) },
    ],
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'proposal', strict: true, schema: answerSchema },
    },
  };
}

// The library wraps what its fetch throws.
function findRefusal(error: unknown): OrchestraError | null {
  if (error instanceof OrchestraError) return error;
  return error instanceof Error && error.cause !== undefined ? findRefusal(error.cause) : null;
}

// What the server says is foreign and may repeat the key: its status is enough.
function explainError(status: number | null): OrchestraError {
  if (status === null) {
    return new OrchestraError('MODEL_UNAVAILABLE', 'The model did not answer in time', { retriable: true });
  }
  const message = `The server of the model answered with status ${status}`;
  const isBusy = status >= 500 || [408, 409, 425, 429].includes(status);
  return new OrchestraError(isBusy ? 'MODEL_UNAVAILABLE' : 'MODEL_REFUSED', message, { retriable: isBusy });
}

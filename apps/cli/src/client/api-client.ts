import { OrchestraError, type Overall, type RunState, type ShownUnattended } from '@orchestra/contracts';
import { refused } from './refused.ts';

/** A run as the API shows it. */
export interface ShownRun {
  run: RunState;
  overall: Overall;
  /** Only of a run that was asked for by its name. */
  unattended?: readonly ShownUnattended[];
}

/** One message of an event stream. */
export interface Message {
  id: string;
  event: string;
  data: string;
}

export interface ApiClient {
  url: string;
  /** Newest first. */
  listRuns(query: { repository?: string; limit?: number }): Promise<ShownRun[]>;
  /** By id, or by `owner/name#number`. */
  readRun(run: string): Promise<ShownRun>;
  /** Any GET below /api/v1. */
  read<T>(path: string): Promise<T>;
  /** Any POST below /api/v1. */
  order<T>(path: string, body: unknown): Promise<T>;
  /** The lines of an event stream, until it ends or the signal aborts. */
  follow(path: string, signal: AbortSignal): AsyncIterable<Message>;
}

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

/**
 * Talks to the API of a running platform.
 *
 * @throws OrchestraError from every call: `SERVER_UNREACHABLE`, `NOT_AUTHORIZED`, or the code that the server answers
 */
export function createApiClient({ url, token }: { url: string; token: string }): ApiClient {
  const authorization = `Bearer ${token}`;
  return {
    url,
    async listRuns({ repository, limit = 20 }) {
      const query = new URLSearchParams({ limit: String(limit), ...(repository === undefined ? {} : { repository }) });
      const answer = await call<{ runs: ShownRun[] }>(`/runs?${query.toString()}`, { method: 'GET' });
      return answer.runs;
    },
    readRun: (run) => call<ShownRun>(`/runs/${encodeURIComponent(run)}`, { method: 'GET' }),
    read: (path) => call(path, { method: 'GET' }),
    order: (path, body) =>
      call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    follow: (path, signal) => follow(path, signal),
  };

  async function call<T>(path: string, init: Init): Promise<T> {
    const response = await reach(path, { ...init, signal: AbortSignal.timeout(30_000) });
    const text = await response.text();
    if (!response.ok) throw refused(response.status, text);
    try {
      // The API's own document describes what it answers; the client trusts the platform that it was pointed at.
      const answer: T = JSON.parse(text);
      return answer;
    } catch (cause) {
      throw new OrchestraError('SERVER_UNREACHABLE', `What answers at ${url} is no platform`, { cause });
    }
  }

  async function reach(path: string, init: Init): Promise<Response> {
    try {
      const headers = { ...init.headers, authorization, 'x-orchestra-client': 'cli' };
      return await fetch(`${url}/api/v1${path}`, { ...init, headers });
    } catch (cause) {
      throw new OrchestraError('SERVER_UNREACHABLE', `The platform does not answer at ${url}`, {
        cause,
        retriable: true,
      });
    }
  }

  async function* follow(path: string, signal: AbortSignal): AsyncIterable<Message> {
    const response = await reach(path, { signal, headers: { accept: 'text/event-stream' } });
    if (!response.ok || response.body === null) throw refused(response.status, await response.text());
    yield* readMessages(response.body);
  }
}

async function* readMessages(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncIterable<Message> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks.flatMap((block) => readMessage(block) ?? []);
  }
}

// A block without data is a comment that keeps the connection open.
function readMessage(block: string): Message | null {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line));
  const values = (name: string): string[] => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = values('data');
  if (data.length === 0) return null;
  return { id: values('id').join(''), event: values('event').join('') || 'message', data: data.join('\n') };
}

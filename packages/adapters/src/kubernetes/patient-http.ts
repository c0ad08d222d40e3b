import type { RequestContext, ResponseContext } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { ReadableStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from './connect-cluster.ts';

/** How long one request may take, and how long it is repeated in all. */
export interface Patience {
  requestMs: number;
  deadlineMs: number;
}

// 410: what was asked is no longer known as of then, and is asked again as of now.
const againCodes = new Set([410, 429]);
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * A transport for the Kubernetes client, which has no deadlines of its own. 410, 429, 5xx, cut connections and silence
 * are repeated with growing, random pauses (`Retry-After` is obeyed) until the deadline; all requests that deploy makes may be
 * repeated.
 *
 * @throws OrchestraError `TARGET_UNREACHABLE`, retriable, at the deadline; the reason of `signal` when that is aborted
 */
export function createPatientHttp(client: Client, { requestMs, deadlineMs }: Patience, signal?: AbortSignal) {
  const plain = new client.IsomorphicFetchHttpLibrary();

  return {
    async send(request: RequestContext): Promise<ResponseContext> {
      const until = performance.now() + deadlineMs;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask(request, until);
        if (answer.kind === 'answered') return answer.response;
        const pauseMs = answer.waitMs ?? pauseBefore(attempt);
        if (performance.now() + pauseMs >= until) throw unreachable(answer.why, answer.cause);
        await wait(pauseMs, null, signal === undefined ? {} : { signal });
      }
    },
  };

  async function ask(request: RequestContext, until: number): Promise<Answer> {
    const limitMs = Math.max(1, Math.min(requestMs, until - performance.now()));
    const limit = AbortSignal.timeout(Math.ceil(limitMs));
    request.setSignal(signal === undefined ? limit : AbortSignal.any([signal, limit]));
    try {
      const response = await plain.send(request).toPromise();
      // Read here: a body that never ends is silence too.
      const text = await response.body.text();
      const { httpStatusCode: code, headers } = response;
      if (againCodes.has(code) || (code >= 500 && !isRefusal(text)))
        return { kind: 'again', why: `HTTP ${code}`, waitMs: retryAfterMs(headers) };
      const body = {
        text: async () => text,
        binary: async () => Buffer.from(text),
        stream: () => ReadableStream.from([Buffer.from(text)]),
      };
      return { kind: 'answered', response: new client.ResponseContext(code, headers, body) };
    } catch (cause) {
      signal?.throwIfAborted();
      return { kind: 'again', why: limit.aborted ? 'silence' : describe(cause), waitMs: null, cause };
    }
  }
}

type Answer =
  | { kind: 'answered'; response: ResponseContext }
  | { kind: 'again'; why: string; waitMs: number | null; cause?: unknown };

// The API server answers with 500 what a field by a wrong name leads to; asking again does not help.
function isRefusal(text: string): boolean {
  return text.includes('failed to create typed patch object') || text.includes('field not declared in schema');
}

function retryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const seconds = Number(headers['retry-after'] ?? 'none');
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function pauseBefore(attempt: number): number {
  const cap = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
  return cap / 2 + (Math.random() * cap) / 2;
}

function unreachable(why: string, cause: unknown): OrchestraError {
  return new OrchestraError('TARGET_UNREACHABLE', `The Kubernetes API does not answer: ${why}`, {
    retriable: true,
    cause,
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}

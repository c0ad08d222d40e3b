import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/runtime';
import type { FlagChange, Flags } from './flags.ts';

export interface FlagWebhookOptions {
  url: string;
  /** Sent as a bearer; null: none is. */
  token: string | null;
  /** Longest time of one request. */
  requestMs: number;
  /** Requests beside the first one. */
  retries: number;
}

/**
 * Posts each change as JSON, under an Idempotency-Key: `{flag, environment, percent, release, epoch}`. An answer of 2xx says
 * that it holds. Silence, 408, 425, 429 and 5xx are asked again; anything else is a refusal.
 */
export function createFlagWebhook(options: FlagWebhookOptions): Flags {
  return {
    async change(change, signal) {
      for (let attempt = 0; ; attempt += 1) {
        const problem = await post(options, change, signal);
        if (problem === null) return;
        signal?.throwIfAborted();
        if (attempt >= options.retries) {
          throw new OrchestraError('FLAGS_UNAVAILABLE', `The flag ${change.flag}: ${problem}`, { retriable: true });
        }
        await wait(200 * 2 ** attempt, undefined, signal === undefined ? {} : { signal });
      }
    },
  };
}

/** Null: it holds. */
async function post(options: FlagWebhookOptions, { key, ...body }: FlagChange, signal?: AbortSignal) {
  const limits = [AbortSignal.timeout(options.requestMs), ...(signal === undefined ? [] : [signal])];
  const authorization = options.token === null ? {} : { authorization: `Bearer ${options.token}` };
  const response = await fetch(options.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...authorization },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.any(limits),
  }).catch(() => null);
  if (response === null) return 'nobody answered';
  await response.body?.cancel();
  if (response.ok) return null;
  const { status } = response;
  if (status >= 500 || [408, 425, 429].includes(status)) return `status ${status}`;
  throw new OrchestraError('FLAGS_REFUSED', `The flag ${body.flag} was refused with status ${status}`);
}

import { OrchestraError, type Secret } from '@orchestra/runtime';
import { checkAddress } from './check-address.ts';
import { parseReply, type Point } from './parse-reply.ts';
import { readBounded } from './read-bounded.ts';

export type { Point };

export interface PrometheusOptions {
  /** The operator's setting, such as `http://prometheus:9090`. */
  url: string;
  /** Sent as a bearer token; null: none is needed. */
  token: Secret | null;
  /** Longest time of one request. */
  requestMs: number;
  /** Longest answer. */
  maxBytes: number;
}

/** A metrics server that speaks the HTTP API of Prometheus, such as Thanos or Mimir. Redirects are not followed. */
export interface Prometheus {
  /**
   * The value of a query at a moment; null: there is none, or it is no number.
   *
   * @throws OrchestraError `METRICS_UNAVAILABLE` (retriable), `METRICS_REFUSED` (not retriable)
   */
  query(asked: { query: string; at: Date }, signal?: AbortSignal): Promise<number | null>;
  /** The values of a query over a time, one each `stepMs`, without gaps filled. @throws as `query` */
  range(
    asked: { query: string; from: Date; to: Date; stepMs: number },
    signal?: AbortSignal,
  ): Promise<readonly Point[]>;
}

// The server itself refuses more than 11,000 points a series.
const maxPoints = 11_000;

/** @throws OrchestraError `METRICS_REFUSED` for an address that is never asked */
export function createPrometheus(options: PrometheusOptions): Prometheus {
  const base = checkAddress(options.url);
  return {
    async query({ query, at }, signal) {
      const points = await ask(options, { url: `${base}/api/v1/query`, form: { query, time: seconds(at) } }, signal);
      return points.at(-1)?.value ?? null;
    },
    async range({ query, from, to, stepMs }, signal) {
      const step = Math.max(stepMs, (to.getTime() - from.getTime()) / maxPoints, 1) / 1000;
      const form = { query, start: seconds(from), end: seconds(to), step: step.toFixed(3) };
      return ask(options, { url: `${base}/api/v1/query_range`, form }, signal);
    },
  };
}

interface Asked {
  url: string;
  form: Readonly<Record<string, string>>;
}

async function ask(options: PrometheusOptions, { url, form }: Asked, signal?: AbortSignal): Promise<readonly Point[]> {
  const timeLimit = AbortSignal.timeout(options.requestMs);
  const limit = signal === undefined ? timeLimit : AbortSignal.any([signal, timeLimit]);
  const authorization = options.token === null ? {} : { authorization: `Bearer ${options.token.reveal()}` };
  try {
    // A form, for a query may be longer than an address may be.
    const body = new URLSearchParams(form);
    const asked = { method: 'POST', body, headers: authorization, redirect: 'error', signal: limit } as const;
    const response = await fetch(url, asked);
    const text = await readBounded(response, options.maxBytes);
    if (response.status === 401 || response.status === 403) throw refusedAs(response.status);
    return parseReply(text);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof OrchestraError) throw error;
    throw new OrchestraError('METRICS_UNAVAILABLE', 'Prometheus did not answer', { retriable: true, cause: error });
  }
}

function refusedAs(status: number): OrchestraError {
  return new OrchestraError('METRICS_REFUSED', `Prometheus does not let us ask: ${status}`);
}

function seconds(at: Date): string {
  return (at.getTime() / 1000).toFixed(3);
}

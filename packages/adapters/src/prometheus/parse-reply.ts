import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

/** One value at one moment. */
export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const success = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('scalar'), result: sample }),
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: sample })) }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: labels, values: z.array(sample) })),
    }),
  ]),
});
const failure = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

/**
 * Reads a reply of `query` or `query_range`: the points of one series. NaN and infinity are no values, so their points are
 * left out.
 *
 * @throws OrchestraError `METRICS_REFUSED`, not retriable, for an error of the query or several series: which of them was meant?
 * @throws OrchestraError `METRICS_UNAVAILABLE`, retriable, for anything else, such as the page of a proxy
 * @see Prometheus documentation, "HTTP API"
 */
export function parseReply(text: string): readonly Point[] {
  const json = readJson(text);
  const failed = failure.safeParse(json);
  if (failed.success) throw explain(failed.data);
  const parsed = success.safeParse(json);
  if (!parsed.success) throw unavailable('Prometheus answered with something else than a result');
  return seriesOf(parsed.data.data).flatMap(([seconds, value]) => toPoint(seconds, value));
}

type Data = z.output<typeof success>['data'];
type Sample = z.output<typeof sample>;

function seriesOf(data: Data): readonly Sample[] {
  if (data.resultType === 'scalar') return [data.result];
  if (data.result.length > 1) throw severalSeries(data.result.length);
  if (data.resultType === 'vector') return data.result.map(({ value }) => value);
  return data.result[0]?.values ?? [];
}

function toPoint(seconds: number, text: string): Point[] {
  const value = Number(text);
  return Number.isFinite(value) && text !== '' ? [{ at: Math.round(seconds * 1000), value }] : [];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unavailable('Prometheus did not answer with JSON');
  }
}

// A query that is wrong stays wrong; a time-out of the server may be over the next time.
const passing = new Set(['timeout', 'canceled', 'internal', 'unavailable']);

function explain({ errorType, error }: z.output<typeof failure>): OrchestraError {
  const message = `Prometheus refused the query: ${error.slice(0, 300)}`;
  return passing.has(errorType) ? unavailable(message) : new OrchestraError('METRICS_REFUSED', message);
}

function severalSeries(count: number): OrchestraError {
  return new OrchestraError('METRICS_REFUSED', `The query has ${count} series; aggregate it to one, as by sum(...)`);
}

function unavailable(message: string): OrchestraError {
  return new OrchestraError('METRICS_UNAVAILABLE', message, { retriable: true });
}

import { createPrometheus, fillQuery, type Point } from '@orchestra/adapters/prometheus';
import { OrchestraError, type MetricPlan, type ObservabilityPlan } from '@orchestra/contracts';
import type { RecordedSample } from '@orchestra/observability';
import { createSecret } from '@orchestra/runtime';

/** A time of a service in a metrics server. */
export interface PrometheusRange {
  url: string;
  token: string | undefined;
  service: string;
  environment: string;
  /** Null: the queries tell no releases apart. */
  release: string | null;
  /** What served beside it; null: nothing did. */
  beside: string | null;
  from: Date;
  to: Date;
}

/**
 * Asks a metrics server for what the queries of a plan would have said, one sample each interval of the plan.
 *
 * @throws OrchestraError `REQUEST_INVALID` for a plan without queries, `METRICS_UNAVAILABLE`, `METRICS_REFUSED`
 */
export async function readPrometheus(range: PrometheusRange, plan: ObservabilityPlan): Promise<RecordedSample[]> {
  const metrics = plan.judgement?.metrics ?? [];
  if (metrics.length === 0) {
    throw new OrchestraError('REQUEST_INVALID', 'The policy asks no metrics server: write `observability.prometheus`');
  }
  const { release, beside } = range;
  const own = await ask({ ...range, of: release }, metrics, plan);
  const others = beside === null ? null : await ask({ ...range, of: beside }, metrics, plan);
  const times = [...new Set([...own.values()].flatMap((points) => [...points.keys()]))].toSorted((a, b) => a - b);
  return times.map((at) => ({
    at,
    release: release ?? 'recorded',
    values: valuesAt(own, at),
    beside: others === null ? null : valuesAt(others, at),
  }));
}

type Series = ReadonlyMap<string, ReadonlyMap<number, number>>;

async function ask(
  range: PrometheusRange & { of: string | null },
  metrics: readonly MetricPlan[],
  { judgement, intervalMs }: ObservabilityPlan,
): Promise<Series> {
  const { url, token, service, environment, of, from, to } = range;
  const secret = token === undefined ? null : createSecret(token);
  const prometheus = createPrometheus({ url, token: secret, requestMs: 30_000, maxBytes: 64 * 1_048_576 });
  const names = { service, environment, release: of, windowSeconds: (judgement?.windowMs ?? 60_000) / 1000 };
  const asked = metrics.map(async ({ name, query }): Promise<[string, ReadonlyMap<number, number>]> => {
    const points = await prometheus.range({ query: fillQuery(query, names), from, to, stepMs: intervalMs });
    return [name, new Map(points.map(({ at, value }: Point) => [at, value]))];
  });
  return new Map(await Promise.all(asked));
}

function valuesAt(series: Series, at: number): Record<string, number | null> {
  return Object.fromEntries([...series].map(([name, points]) => [name, points.get(at) ?? null]));
}

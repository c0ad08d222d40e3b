import { fillQuery, type Prometheus } from '@orchestra/adapters/prometheus';
import type { MetricPlan } from '@orchestra/contracts';
import { messageOf } from './message-of.ts';
import type { AskedNames, MetricsServer } from './ports.ts';

/** Asks for metrics by their queries. What cannot be asked for has no value, and its problem is said. */
export function createMetricsServer(prometheus: Prometheus): MetricsServer {
  async function valueNow(
    metric: MetricPlan,
    names: AskedNames,
    signal: AbortSignal,
  ): Promise<{ value: number | null; problem: string | null }> {
    try {
      const query = queryOf(metric, names);
      return { value: await prometheus.query({ query, at: new Date() }, signal), problem: null };
    } catch (error) {
      signal.throwIfAborted();
      return { value: null, problem: `${metric.name}: ${messageOf(error)}` };
    }
  }

  return {
    async now(metrics, names, signal) {
      const answers = await Promise.all(metrics.map(async (metric) => valueNow(metric, names, signal)));
      const values = metrics.map(({ name }, index) => [name, answers[index]?.value ?? null] as const);
      return { values: Object.fromEntries(values), problems: answers.flatMap(({ problem }) => problem ?? []) };
    },

    async past(metrics, { names, past }, signal) {
      const asked = metrics.map(async (metric): Promise<[string, number[]]> => {
        try {
          const points = await prometheus.range({ query: queryOf(metric, names), ...past }, signal);
          return [metric.name, points.map(({ value }) => value)];
        } catch {
          signal.throwIfAborted();
          return [metric.name, []];
        }
      });
      return Object.fromEntries(await Promise.all(asked));
    },
  };
}

function queryOf({ query }: MetricPlan, { windowMs, ...names }: AskedNames): string {
  return fillQuery(query, { ...names, windowSeconds: windowMs / 1000 });
}

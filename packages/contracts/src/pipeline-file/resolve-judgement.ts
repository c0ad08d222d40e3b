import type { BaselinePlan, JudgementPlan, MetricPlan, Thresholds } from '../plan/plan.ts';
import { toMs } from './fields.ts';
import { resolveObjectives } from './resolve-objectives.ts';
import type { PipelineFile } from './schema.ts';

type Written = PipelineFile['observability'];

export function resolveJudgement(observability: Written, thresholds: Thresholds, failureLimit: number): JudgementPlan {
  const { prometheus } = observability;
  return {
    warmUpMs: toMs(observability.warm_up_seconds),
    failureWindow: Math.max(failureLimit, observability.failure_window ?? failureLimit),
    onNoData: observability.on_no_data,
    onNoTraffic: observability.on_no_traffic,
    probes: observability.probes,
    windowMs: prometheus === undefined ? null : toMs(prometheus.window_seconds),
    metrics: prometheus === undefined ? [] : resolveMetrics(prometheus, thresholds),
    baseline: resolveBaseline(observability),
    objectives: resolveObjectives(observability),
    ...resolveLogPatterns(observability),
    ...resolveSloFile(observability),
  };
}

function resolveLogPatterns({ log_patterns: patterns }: Written): Pick<JudgementPlan, 'logPatterns'> {
  if (patterns.length === 0) return {};
  const logPatterns = patterns.map(({ name, pattern, fail_at: fail = null, warn_at: warn = null }) => {
    return { name, pattern, fail, warn };
  });
  return { logPatterns };
}

// Objectives that are written here are meant; a file that lies there may be from another time.
function resolveSloFile({ slo_file: path, objectives }: Written): Pick<JudgementPlan, 'sloFile'> {
  if (path === undefined) return objectives.length > 0 ? {} : { sloFile: { path: 'slo.yaml', written: false } };
  return path === false ? {} : { sloFile: { path, written: true } };
}

function resolveBaseline({ baseline }: Written): BaselinePlan | null {
  if (baseline === undefined) return null;
  const { days, tolerance, min_points: minPoints, warn_percent: warnPercent, fail_percent: failPercent } = baseline;
  return { with: baseline.with, days, minPoints, tolerance, warnPercent, failPercent };
}

type Prometheus = NonNullable<Written['prometheus']>;

function resolveMetrics({ matchers, queries }: Prometheus, thresholds: Thresholds): MetricPlan[] {
  const own = queries.map(({ name, query, better, fail_at: fail, warn_at: warn }): MetricPlan => {
    return { name, query, better, fail: fail ?? null, warn: warn ?? null };
  });
  const usual = usualMetrics(matchers, thresholds).filter((metric) => !own.some(({ name }) => name === metric.name));
  return [...usual, ...own];
}

/** Names of the queries that every file has which asks the metrics server. */
export const usualQueries = [
  'http_error_ratio',
  'http_latency_ms',
  'http_requests_per_second',
  'process_cpu_ratio',
  'process_memory_bytes',
  'process_restarts',
] as const;

// Names as the client libraries of Prometheus give them. A service without errors has no series of errors: that is none, not no data.
function usualMetrics(matchers: string, thresholds: Thresholds): MetricPlan[] {
  const rate = (metric: string, more = ''): string => `rate(${metric}{${matchers}${more}}[{{window}}])`;
  const all = `sum(${rate('http_requests_total')})`;
  const failed = `(sum(${rate('http_requests_total', ',code=~"5.."')}) or vector(0))`;
  const buckets = `sum by (le) (${rate('http_request_duration_seconds_bucket')})`;
  const quantile = thresholds.latencyPercentile / 100;
  const queries: Record<(typeof usualQueries)[number], [query: string, fail: number | null]> = {
    http_error_ratio: [`${failed} / ${all}`, thresholds.errorRatio],
    http_latency_ms: [`1000 * histogram_quantile(${quantile}, ${buckets})`, thresholds.latencyMs],
    http_requests_per_second: [all, null],
    process_cpu_ratio: [`max(${rate('process_cpu_seconds_total')})`, thresholds.cpuRatio],
    process_memory_bytes: [`max(process_resident_memory_bytes{${matchers}})`, thresholds.memoryBytes],
    process_restarts: [`sum(changes(process_start_time_seconds{${matchers}}[{{window}}]))`, 0],
  };
  return usualQueries.map((name) => {
    const [query, fail] = queries[name];
    return { name, query, better: name === 'http_requests_per_second' ? 'higher' : 'lower', fail, warn: null };
  });
}

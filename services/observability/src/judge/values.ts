import type { Thresholds } from '@orchestra/contracts';
import type { Counters, Histogram } from '../ports.ts';

/** What is judged. `unready_processes` needs no threshold: every process that was asked for has to be ready. */
export const metricNames = [
  'error_ratio',
  'latency_ms',
  'app_error_ratio',
  'app_latency_ms',
  'cpu_ratio',
  'memory_bytes',
  'disk_bytes',
  'network_bytes_per_second',
  'unready_processes',
] as const;
export type MetricName = (typeof metricNames)[number];

/** The values of a stretch of time; null: no data. */
export type Values = Readonly<Record<string, number | null>>;

/** Two looks at one release. */
export interface Stretch {
  from: Counters;
  to: Counters;
  seconds: number;
}

/** Whether something was asked of the release in between. */
export function hasTraffic({ from, to }: Stretch): boolean {
  return to.requests > from.requests;
}

/** Whether the counters began anew in between, so that their difference says nothing. */
export function hasRestarted({ from, to }: Stretch): boolean {
  return to.requests < from.requests || to.errors < from.errors || to.networkBytes < from.networkBytes;
}

/** What a release did between two looks. Use of the machine is that of one process, as the thresholds are. */
export function valuesOf(stretch: Stretch, latencyPercentile: number): Values {
  const { from, to, seconds } = stretch;
  const processes = Math.max(1, to.ready);
  return {
    error_ratio: ratio(to.errors - from.errors, to.requests - from.requests),
    latency_ms: percentileOf(difference(from.latency, to.latency), latencyPercentile),
    ...appValues(from.app, to.app, latencyPercentile),
    cpu_ratio: rate(growth(from.cpuSeconds, to.cpuSeconds), seconds * processes),
    memory_bytes: to.memoryBytes === null ? null : to.memoryBytes / processes,
    disk_bytes: growth(from.diskWrittenBytes, to.diskWrittenBytes),
    network_bytes_per_second: rate(to.networkBytes - from.networkBytes, seconds * processes),
    unready_processes: to.wanted - to.ready,
  };
}

/** The limits of a plan by metric; null: not judged. */
export function limitsOf(thresholds: Thresholds): Readonly<Record<MetricName, number | null>> {
  return {
    error_ratio: thresholds.errorRatio,
    latency_ms: thresholds.latencyMs,
    app_error_ratio: thresholds.errorRatio,
    app_latency_ms: thresholds.latencyMs,
    cpu_ratio: thresholds.cpuRatio,
    memory_bytes: thresholds.memoryBytes,
    disk_bytes: thresholds.diskBytes,
    network_bytes_per_second: thresholds.networkBytesPerSecond,
    unready_processes: 0,
  };
}

/**
 * The time within which so many percent of requests were answered, with the requests of a bucket spread evenly over it.
 * Beyond the last bound nothing is known, so the bound itself is given: what is slower is at least that slow.
 *
 * @param percentile 1 to 100
 * @returns milliseconds, or null without requests
 */
export function percentileOf(histogram: Histogram | null, percentile: number): number | null {
  if (histogram === null) return null;
  const { boundsMs, counts } = histogram;
  const rank = (total(counts) * percentile) / 100;
  if (rank === 0) return null;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const lower = boundsMs[index - 1] ?? 0;
    if (below + count >= rank && count > 0)
      return lower + ((boundsMs[index] ?? lower) - lower) * ((rank - below) / count);
    below += count;
  }
  return boundsMs.at(-1) ?? null;
}

/** What an app says that it did between two looks. */
export function appValues(from: Counters['app'], to: Counters['app'], percentile: number): Values {
  if (from === null || to === null || to.requests < from.requests) {
    return { app_error_ratio: null, app_latency_ms: null };
  }
  return {
    app_error_ratio: ratio(to.errors - from.errors, to.requests - from.requests),
    app_latency_ms: percentileOf(difference(from.latency, to.latency), percentile),
  };
}

function difference(from: Histogram | null, to: Histogram | null): Histogram | null {
  if (from === null || to === null) return null;
  const counts = to.counts.map((count, index) => count - (from.counts[index] ?? 0));
  return counts.some((count) => count < 0) ? null : { boundsMs: to.boundsMs, counts };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 && part >= 0 ? part / whole : null;
}

function rate(amount: number | null, seconds: number): number | null {
  return amount === null || seconds <= 0 ? null : amount / seconds;
}

function growth(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from;
}

function total(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

import { podMetrics, type Check } from '@orchestra/contracts';
import { metricNames, valuesOf, type Values } from './values.ts';
import { isBeyond, judgedMetrics, type JudgedMetric } from './judged-metrics.ts';
import { mean } from './series.ts';
import { besideStretch, stretchOf, type Watch, type WatchSettings } from './watch.ts';

/** A metric over the whole watch, and what it is compared with. */
export interface Overall {
  value: number | null;
  baseline: number | null;
}

/** Each metric with a threshold over the whole watch, beside what it is compared with. */
export function checksOf(watch: Watch, settings: WatchSettings): Check[] {
  const overall = overallOf(watch, settings);
  return judgedMetrics(settings).flatMap(({ name: metric, fail: threshold, better }): Check[] => {
    const { value, baseline } = overall(metric);
    // An app that says nothing about itself is no gap: the router has counted.
    if (threshold === null || (value === null && metric.startsWith('app_'))) return [];
    return [{ metric, value, threshold, baseline, verdict: compare(value, threshold, better) }];
  });
}

/** Looks a metric up over the whole watch: what is counted by the difference of the counters, the rest by its mean. */
export function overallOf(watch: Watch, settings: WatchSettings): (metric: string) => Overall {
  const counted = countedOver(watch, settings);
  const sampled = sampledOver(watch);
  return (metric) => {
    const before = settings.recorded.find((check) => check.metric === metric)?.value ?? null;
    const isCounted = counted !== null && metricNames.some((name) => name === metric);
    const { value, baseline } = isCounted ? counted(metric) : sampled(metric);
    return { value, baseline: baseline ?? before };
  };
}

function countedOver({ first, last }: Watch, { thresholds }: WatchSettings): ((metric: string) => Overall) | null {
  const stretch = first === null || last === null ? null : stretchOf(first, last);
  if (stretch === null) return null;
  const values = valuesOf(stretch, thresholds.latencyPercentile);
  const besideIt = besideStretch(first, last);
  const beside: Values = besideIt === null ? {} : valuesOf(besideIt, thresholds.latencyPercentile);
  return (metric) => ({ value: values[metric] ?? null, baseline: beside[metric] ?? null });
}

function sampledOver({ series = {}, reference = {} }: Watch): (metric: string) => Overall {
  return (metric) => {
    const { release = [], beside = [] } = series[metric] ?? {};
    // A pod that got well is well, and what was restarted stays so.
    const sum = podMetrics.some((name) => name === metric) ? newest : mean;
    return { value: sum(release), baseline: sum(beside) ?? sum(reference[metric] ?? []) };
  };
}

/** What a metric was over the whole watch beside the release; null: nothing was beside it. */
export function besideOf({ first, last, series = {} }: Watch, { thresholds }: WatchSettings, metric: string) {
  const stretch = besideStretch(first, last);
  const isCounted = metricNames.some((name) => name === metric);
  if (stretch === null || !isCounted) return mean(series[metric]?.beside ?? []);
  return valuesOf(stretch, thresholds.latencyPercentile)[metric] ?? null;
}

function newest(values: readonly number[]): number | null {
  return values.at(-1) ?? null;
}

function compare(value: number | null, threshold: number, better: JudgedMetric['better']): Check['verdict'] {
  const isBad = isBeyond(value, threshold, better);
  if (isBad === null) return 'NO_DATA';
  return isBad ? 'BREACH' : 'PASS';
}

import { podMetrics, type ObservabilityPlan, type Thresholds } from '@orchestra/contracts';
import { probeMetric } from './series.ts';
import { limitsOf, metricNames } from './values.ts';

/** A value that a release may not take beyond its limits, to the worse. */
export interface JudgedMetric {
  name: string;
  better: 'lower' | 'higher';
  /** Null: no threshold. */
  fail: number | null;
  warn: number | null;
}

/** Everything that is judged by thresholds: what we count by ourselves, what the probes and the pods say, what the output holds, and what was asked for. */
export function judgedMetrics({
  thresholds,
  judgement,
}: Pick<ObservabilityPlan, 'thresholds' | 'judgement'>): readonly JudgedMetric[] {
  const probed: JudgedMetric[] =
    (judgement?.probes.length ?? 0) > 0 ? [{ name: probeMetric, better: 'lower', fail: 0, warn: null }] : [];
  const patterns = (judgement?.logPatterns ?? []).map(({ name, fail, warn }): JudgedMetric => {
    return { name, better: 'lower', fail, warn };
  });
  const asked = [...probed, ...judgedPods(judgement), ...patterns, ...(judgement?.metrics ?? [])];
  return [...countedMetrics(thresholds), ...asked];
}

function judgedPods(judgement: ObservabilityPlan['judgement']): JudgedMetric[] {
  const restarts = judgement?.maxPodRestarts;
  if (restarts === undefined) return [];
  return podMetrics.map((name) => ({
    name,
    better: 'lower',
    fail: name === 'pod_restarts' ? restarts : 0,
    warn: null,
  }));
}

function countedMetrics(thresholds: Thresholds): JudgedMetric[] {
  const limits = limitsOf(thresholds);
  return metricNames.map((name) => ({ name, better: 'lower', fail: limits[name], warn: null }));
}

/** Whether a value is beyond a limit. Null: there is no such limit, or no value. */
export function isBeyond(value: number | null, limit: number | null, better: JudgedMetric['better']): boolean | null {
  if (value === null || limit === null) return null;
  return better === 'lower' ? value > limit : value < limit;
}

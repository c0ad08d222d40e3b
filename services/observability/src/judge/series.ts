import { podMetrics, type JudgementPlan } from '@orchestra/contracts';
import type { Values } from './values.ts';

/** The values of one metric, oldest first. */
export interface Series {
  release: readonly number[];
  beside: readonly number[];
}

/** Values that are kept of a side: beyond it the oldest go. A comparison takes time with the square of it. */
export const keptValues = 400;

// Of what the platform counts, only what does not follow from the share of the traffic can be compared value by value.
const comparable = ['error_ratio', 'latency_ms', 'app_error_ratio', 'app_latency_ms', 'cpu_ratio', 'memory_bytes'];

/** The share of the probes that did not answer. */
export const probeMetric = 'probe_failed_ratio';

// In a cluster nobody counts beside the app: what it says is kept like all that was asked for.
const appNames = ['app_error_ratio', 'app_latency_ms'];

/** Names of what is kept sample by sample: everything that was asked for, and with a baseline our own values too. */
export function keptNames(judgement: JudgementPlan | undefined): readonly string[] {
  if (judgement === undefined) return [];
  const probed = judgement.probes.length > 0 ? [probeMetric] : [];
  const own = wantsOwn(judgement) ? comparable : [];
  const pods = judgement.maxPodRestarts === undefined ? [] : [...podMetrics, ...appNames];
  const asked = [...(judgement.logPatterns ?? []), ...judgement.metrics].map(({ name }) => name);
  return [...new Set([...own, ...probed, ...pods, ...asked])];
}

// Of earlier times our own values are known only where they were kept, which is where no metrics server knows others.
function wantsOwn({ baseline, windowMs }: JudgementPlan): boolean {
  return baseline !== null && (baseline.with === 'beside' || windowMs === null);
}

/** Names of what is kept beyond a watch, for later releases to be compared with: what a metrics server does not have. */
export function historyNames(judgement: JudgementPlan | undefined): readonly string[] {
  const probed = (judgement?.probes ?? []).length > 0 ? [probeMetric] : [];
  return [...comparable, ...probed, ...(judgement?.logPatterns ?? []).map(({ name }) => name)];
}

/** Adds one sample. What has no value leaves no trace. */
export function addToSeries(
  all: Readonly<Record<string, Series>>,
  sample: { release: Values; beside: Values },
  names: readonly string[],
): Readonly<Record<string, Series>> {
  const added = names.map((name): [string, Series] => {
    const { release, beside } = all[name] ?? { release: [], beside: [] };
    return [name, { release: add(release, sample.release[name]), beside: add(beside, sample.beside[name]) }];
  });
  return Object.fromEntries(added);
}

export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

// Seven digits are more than any measurement has, and keep what a waiting job carries small.
function add(values: readonly number[], value: number | null | undefined): readonly number[] {
  return value === null || value === undefined ? values : [...values, Number(value.toPrecision(7))].slice(-keptValues);
}

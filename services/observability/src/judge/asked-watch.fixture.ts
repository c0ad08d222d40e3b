import type { JudgementPlan, MetricPlan } from '@orchestra/contracts';
import { addLook, startWatch, type Watch, type WatchSettings } from './watch.ts';
import type { Values } from './values.ts';

const silentThresholds = {
  errorRatio: null,
  latencyMs: null,
  latencyPercentile: 95,
  cpuRatio: null,
  memoryBytes: null,
  diskBytes: null,
  networkBytesPerSecond: null,
};

const noJudgement: JudgementPlan = {
  warmUpMs: 0,
  failureWindow: 3,
  onNoData: 'inconclusive',
  onNoTraffic: 'inconclusive',
  probes: [],
  windowMs: 60_000,
  metrics: [],
  baseline: null,
  objectives: null,
};

export const queue: MetricPlan = { name: 'queue', query: 'q', better: 'lower', fail: 100, warn: 50 };

/** The settings of a watch of ten seconds that asks for one metric, with a look each second. */
export function settingsWith(change: Partial<JudgementPlan>, more: Partial<WatchSettings> = {}): WatchSettings {
  const judgement = { ...noJudgement, metrics: [queue], ...change };
  const times = { watchMs: 10_000, maxWaitMs: 20_000, minSamples: 1, failureLimit: 3 };
  return { thresholds: silentThresholds, recorded: [], ...times, ...more, judgement };
}

/** A look each second at what was asked for. */
export function watchOf(
  looks: readonly { release: Values; beside?: Values }[],
  settings: WatchSettings,
  reference?: Watch['reference'],
): Watch {
  let watch: Watch = reference === undefined ? startWatch(0) : { ...startWatch(0), reference };
  for (const [index, { release, beside = null }] of looks.entries()) {
    const look = { at: (index + 1) * 1000, countedSince: '', release: null, beside: null };
    watch = addLook(watch, { ...look, asked: { release, beside } }, settings);
  }
  return watch;
}

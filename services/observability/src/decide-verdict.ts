import type { Attribution, Check, ObservabilityPlan } from '@orchestra/contracts';
import {
  hasRestarted,
  hasTraffic,
  limitsOf,
  metricNames,
  valuesOf,
  type MetricName,
  type Stretch,
  type Values,
} from './decide-values.ts';
import type { Counters } from './ports.ts';

/** One release at one moment. */
export interface Look {
  /** Milliseconds since 1970. */
  at: number;
  countedSince: string;
  release: Counters;
  /** What serves beside it; null: nothing does. */
  beside: Counters | null;
}

/** A watch as it is kept from look to look. */
export interface Watch {
  startedAt: number;
  first: Look | null;
  last: Look | null;
  /** Looks that had something to say: with traffic where requests are judged. */
  samples: number;
  /** What the last two looks say; of the disk, what was written since the first. */
  recent: Values | null;
  badInARow: Partial<Record<MetricName, number>>;
  bad: Partial<Record<MetricName, number>>;
}

export interface WatchSettings extends Pick<
  ObservabilityPlan,
  'thresholds' | 'minSamples' | 'failureLimit' | 'maxWaitMs'
> {
  /** How long the watch takes at least. */
  watchMs: number;
  /** The measurements of the release before, where nothing serves beside this one. */
  recorded: readonly Check[];
}

export type Verdict =
  | { kind: 'go_on'; reason: 'watching' | 'too_few_samples' | 'just_turned_bad'; checks: Check[] }
  | { kind: 'healthy'; reason: 'within_thresholds'; checks: Check[] }
  | { kind: 'inconclusive'; reason: 'no_data' | 'too_few_samples' | 'undecided'; checks: Check[] }
  | { kind: 'breach'; reason: 'threshold_breached'; breach: Check; attribution: Attribution; checks: Check[] };

export function startWatch(at: number): Watch {
  return { startedAt: at, first: null, last: null, samples: 0, recent: null, badInARow: {}, bad: {} };
}

/** Adds one look to a watch. Null: there was no data; it changes nothing, so what was bad stays bad. */
export function addLook(watch: Watch, look: Look | null, settings: WatchSettings): Watch {
  if (look === null) return watch;
  const { first, last } = watch;
  if (first === null || last === null || isNewCount(last, look)) return { ...watch, first: look, last: look };

  const stretch = between(last, look);
  const { latencyPercentile } = settings.thresholds;
  // What was written adds up: its limit is for the whole watch, not for the time between two looks.
  const { disk_bytes } = valuesOf(between(first, look), latencyPercentile);
  const recent = { ...valuesOf(stretch, latencyPercentile), disk_bytes };
  const speaks = hasTraffic(stretch) || !needsTraffic(settings);
  const samples = watch.samples + (speaks ? 1 : 0);
  return { ...watch, last: look, samples, recent, ...countBad(watch, recent, settings) };
}

/** What is to be said about a release now. No data is never healthy. */
export function decideVerdict(watch: Watch, settings: WatchSettings, now: number): Verdict {
  const checks = checksOf(watch, settings);
  const elapsedMs = now - watch.startedAt;
  const lasting = metricNames.find((metric) => (watch.badInARow[metric] ?? 0) >= settings.failureLimit);
  const breach =
    lasting === undefined ? overallBreach(watch, settings, elapsedMs) : lastBreach(watch, settings, lasting);
  if (breach !== null)
    return {
      kind: 'breach',
      reason: 'threshold_breached',
      breach,
      attribution: attribute(watch, settings, breach),
      checks,
    };

  if (elapsedMs < settings.watchMs) return { kind: 'go_on', reason: 'watching', checks };
  const open = openQuestion(watch, settings, checks);
  if (open === null) return { kind: 'healthy', reason: 'within_thresholds', checks };
  if (elapsedMs < Math.max(settings.watchMs, settings.maxWaitMs)) return { kind: 'go_on', reason: open.wait, checks };
  return { kind: 'inconclusive', reason: open.end, checks };
}

type OpenQuestion =
  | { wait: 'too_few_samples'; end: 'no_data' | 'too_few_samples' }
  | { wait: 'just_turned_bad'; end: 'undecided' };

function openQuestion(watch: Watch, settings: WatchSettings, checks: readonly Check[]): OpenQuestion | null {
  if (watch.samples < settings.minSamples)
    return { wait: 'too_few_samples', end: watch.samples === 0 ? 'no_data' : 'too_few_samples' };
  const isBadNow = Object.values(watch.badInARow).some((count) => count > 0);
  const isBadOverall = checks.some(({ verdict }) => verdict === 'BREACH');
  return isBadNow || isBadOverall ? { wait: 'just_turned_bad', end: 'undecided' } : null;
}

// Errors that come and go never make enough bad samples in a row: what counts then is the whole watch.
function overallBreach(watch: Watch, settings: WatchSettings, elapsedMs: number): Check | null {
  if (elapsedMs < settings.watchMs || watch.samples < settings.minSamples) return null;
  const checks = checksOf(watch, settings).filter(({ verdict }) => verdict === 'BREACH');
  return checks.find(({ metric }) => (watch.bad[nameOf(metric)] ?? 0) >= settings.failureLimit) ?? null;
}

function lastBreach(watch: Watch, settings: WatchSettings, metric: MetricName): Check | null {
  const check = checksOf(watch, settings).find((one) => one.metric === metric);
  return check === undefined ? null : { ...check, value: watch.recent?.[metric] ?? check.value, verdict: 'BREACH' };
}

// It is not this release's doing when what serves beside it breaches the same threshold in the same time.
function attribute(watch: Watch, { thresholds }: WatchSettings, { metric }: Check): Attribution {
  const beside = besideValues(watch, thresholds.latencyPercentile);
  const value = beside?.[nameOf(metric)] ?? null;
  const limit = limitsOf(thresholds)[nameOf(metric)];
  return value !== null && limit !== null && value > limit ? 'ELSEWHERE' : 'RELEASE';
}

/** Each judged metric over the whole watch, beside what it is compared with. */
function checksOf(watch: Watch, settings: WatchSettings): Check[] {
  const { thresholds, recorded } = settings;
  const limits = limitsOf(thresholds);
  const { first, last } = watch;
  const values = first === null || last === null ? null : valuesOf(between(first, last), thresholds.latencyPercentile);
  const beside = besideValues(watch, thresholds.latencyPercentile);
  return metricNames.flatMap((metric): Check[] => {
    const threshold = limits[metric];
    const value = values?.[metric] ?? null;
    // An app that says nothing about itself is no gap: the router has counted.
    if (threshold === null || (value === null && metric.startsWith('app_'))) return [];
    const before = recorded.find((check) => check.metric === metric)?.value ?? null;
    return [{ metric, value, threshold, baseline: beside?.[metric] ?? before, verdict: compare(value, threshold) }];
  });
}

function compare(value: number | null, threshold: number): Check['verdict'] {
  if (value === null) return 'NO_DATA';
  return value > threshold ? 'BREACH' : 'PASS';
}

function besideValues({ first, last }: Watch, percentile: number) {
  if (!first?.beside || !last?.beside) return null;
  const stretch = { from: first.beside, to: last.beside, seconds: (last.at - first.at) / 1000 };
  return hasRestarted(stretch) ? null : valuesOf(stretch, percentile);
}

// A metric without data keeps its row: silence is no recovery.
function countBad(watch: Watch, recent: Values, { thresholds }: WatchSettings): Pick<Watch, 'badInARow' | 'bad'> {
  const limits = limitsOf(thresholds);
  const badInARow: Watch['badInARow'] = { ...watch.badInARow };
  const bad: Watch['bad'] = { ...watch.bad };
  for (const metric of metricNames) {
    const [value, limit] = [recent[metric], limits[metric]];
    if (value !== null && limit !== null) {
      const isBad = value > limit;
      badInARow[metric] = isBad ? (badInARow[metric] ?? 0) + 1 : 0;
      bad[metric] = (bad[metric] ?? 0) + (isBad ? 1 : 0);
    }
  }
  return { badInARow, bad };
}

function needsTraffic({ thresholds }: WatchSettings): boolean {
  return thresholds.errorRatio !== null || thresholds.latencyMs !== null;
}

function isNewCount(last: Look, look: Look): boolean {
  return look.countedSince !== last.countedSince || hasRestarted(between(last, look));
}

function between(from: Look, to: Look): Stretch {
  return { from: from.release, to: to.release, seconds: (to.at - from.at) / 1000 };
}

function nameOf(metric: string): MetricName {
  const name = metricNames.find((one) => one === metric);
  if (name === undefined) throw new TypeError(`${metric} is no metric`);
  return name;
}

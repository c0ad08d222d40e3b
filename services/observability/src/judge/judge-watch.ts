import type { Attribution, Check } from '@orchestra/contracts';
import { besideOf, checksOf } from './checks.ts';
import { judgeWhole, type Whole } from './judge-whole.ts';
import { isBeyond, judgedMetrics } from './judged-metrics.ts';
import { findSilent } from './find-silent.ts';
import { type Watch, type WatchSettings } from './watch.ts';

export { addLook, startWatch, type Look, type Watch, type WatchSettings } from './watch.ts';

type BreachReason = 'threshold_breached' | 'worse_than_baseline' | 'score_too_low' | 'no_data';

export type Verdict =
  | {
      kind: 'go_on';
      reason: 'watching' | 'too_few_samples' | 'just_turned_bad' | 'no_data' | 'too_few_points';
      checks: Check[];
    }
  | { kind: 'healthy'; reason: 'within_thresholds' | 'within_warning'; checks: Check[]; whole: Whole }
  | {
      kind: 'inconclusive';
      reason: 'no_data' | 'too_few_samples' | 'undecided' | 'too_few_points';
      checks: Check[];
      whole: Whole | null;
    }
  | {
      kind: 'breach';
      reason: BreachReason;
      breach: Check;
      attribution: Attribution;
      checks: Check[];
      /** What the comparison and the objectives say; null: a threshold was enough. */
      whole: Whole | null;
    };

/** What is to be said about a release now. No data is never healthy. */
export function judgeWatch(watch: Watch, settings: WatchSettings, now: number): Verdict {
  const checks = checksOf(watch, settings);
  const elapsedMs = now - watch.startedAt - (settings.judgement?.warmUpMs ?? 0);
  const breach = lastingBreach(watch, settings, checks) ?? overallBreach(watch, settings, { elapsedMs, checks });
  if (breach !== null) {
    const attribution = attribute(watch, settings, breach);
    return { kind: 'breach', reason: 'threshold_breached', breach, attribution, checks, whole: null };
  }
  if (elapsedMs < settings.watchMs) return { kind: 'go_on', reason: 'watching', checks };
  return judgeEnd(watch, settings, { checks, waits: elapsedMs < Math.max(settings.watchMs, settings.maxWaitMs) });
}

interface Ripe {
  checks: Check[];
  /** Whether there is time left for more values. */
  waits: boolean;
}

function judgeEnd(watch: Watch, settings: WatchSettings, ripe: Ripe): Verdict {
  const { checks, waits } = ripe;
  const open = openQuestion(watch, settings, checks);
  if (open === null) return byWhole(watch, settings, ripe);
  if (waits) return { kind: 'go_on', reason: open.wait, checks };
  return open.end === 'no_data' && settings.judgement?.onNoData === 'fail'
    ? silenceBreach(watch, settings, checks)
    : { kind: 'inconclusive', reason: open.end, checks, whole: null };
}

interface OpenQuestion {
  wait: 'too_few_samples' | 'just_turned_bad' | 'no_data';
  end: 'no_data' | 'too_few_samples' | 'undecided';
}

function openQuestion(watch: Watch, settings: WatchSettings, checks: readonly Check[]): OpenQuestion | null {
  if (watch.samples < settings.minSamples)
    return { wait: 'too_few_samples', end: watch.samples === 0 ? 'no_data' : 'too_few_samples' };
  if (findSilent(watch, settings.judgement).length > 0) return { wait: 'no_data', end: 'no_data' };
  const isBadNow = Object.values(watch.badInARow).some((count) => count > 0);
  const isBadOverall = checks.some(({ verdict }) => verdict === 'BREACH');
  return isBadNow || isBadOverall ? { wait: 'just_turned_bad', end: 'undecided' } : null;
}

function byWhole(watch: Watch, settings: WatchSettings, { checks, waits }: Ripe): Verdict {
  const whole = judgeWhole(watch, settings, checks);
  switch (whole.verdict) {
    case 'pass':
      return { kind: 'healthy', reason: 'within_thresholds', checks, whole };
    case 'warning':
      return { kind: 'healthy', reason: 'within_warning', checks, whole };
    case 'inconclusive':
      return waits
        ? { kind: 'go_on', reason: 'too_few_points', checks }
        : { kind: 'inconclusive', reason: 'too_few_points', checks, whole };
    case 'fail': {
      const { reason, check: breach } = whole;
      return { kind: 'breach', reason, breach, attribution: 'RELEASE', checks: [...checks, breach], whole };
    }
  }
}

// Somebody wants a release gone that nothing can be said of.
function silenceBreach(watch: Watch, { minSamples }: WatchSettings, checks: Check[]): Verdict {
  const breach: Check = {
    metric: 'samples',
    value: watch.samples,
    threshold: minSamples,
    baseline: null,
    verdict: 'NO_DATA',
  };
  return { kind: 'breach', reason: 'no_data', breach, attribution: 'RELEASE', checks, whole: null };
}

// So many of the newest samples are bad.
function lastingBreach(watch: Watch, settings: WatchSettings, checks: readonly Check[]): Check | null {
  const lasting = judgedMetrics(settings).find(
    ({ name }) => (watch.lately?.[name] ?? []).filter(Boolean).length >= settings.failureLimit,
  );
  const check = checks.find(({ metric }) => metric === lasting?.name);
  if (check === undefined) return null;
  return { ...check, value: watch.recent?.[check.metric] ?? check.value, verdict: 'BREACH' };
}

// Errors that come and go never make enough bad samples in a row: what counts then is the whole watch.
function overallBreach(
  watch: Watch,
  settings: WatchSettings,
  { elapsedMs, checks }: { elapsedMs: number; checks: readonly Check[] },
): Check | null {
  if (elapsedMs < settings.watchMs || watch.samples < settings.minSamples) return null;
  const breached = checks.filter(({ verdict }) => verdict === 'BREACH');
  return breached.find(({ metric }) => (watch.bad[metric] ?? 0) >= settings.failureLimit) ?? null;
}

// It is not this release's doing when what serves beside it breaches the same threshold in the same time.
function attribute(watch: Watch, settings: WatchSettings, { metric, threshold }: Check): Attribution {
  const better = judgedMetrics(settings).find(({ name }) => name === metric)?.better ?? 'lower';
  return isBeyond(besideOf(watch, settings, metric), threshold, better) === true ? 'ELSEWHERE' : 'RELEASE';
}

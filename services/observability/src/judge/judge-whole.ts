import type { Check } from '@orchestra/contracts';
import { overallOf } from './checks.ts';
import { compareSamples, type Compared } from './compare-samples.ts';
import { judgeObjectives, type Score } from './judge-objectives.ts';
import { isBeyond, judgedMetrics } from './judged-metrics.ts';
import { keptNames } from './series.ts';
import { namesRelease } from './names-release.ts';
import type { Watch, WatchSettings } from './watch.ts';

export interface ComparedMetric extends Compared {
  metric: string;
}

interface Numbers {
  /** Metrics beyond their warning threshold. */
  warnings: readonly string[];
  compared: readonly ComparedMetric[];
  /** Null: the file has no objectives. */
  score: Score | null;
}

/** What a whole watch says beyond its thresholds, with every number. */
export type Whole = Numbers &
  (
    | { verdict: 'pass' | 'warning' | 'inconclusive' }
    | { verdict: 'fail'; reason: 'worse_than_baseline' | 'score_too_low'; check: Check }
  );

/** Judges a watch that no threshold has ended: by comparison with its baseline, by objectives, by warnings. */
export function judgeWhole(watch: Watch, settings: WatchSettings, checks: readonly Check[]): Whole {
  const numbers: Numbers = {
    warnings: warningsOf(watch, settings),
    compared: compareAll(watch, settings),
    score: scoreOf(watch, settings),
  };
  const { compared, score, warnings } = numbers;
  const worse = compared.find(({ verdict }) => verdict === 'fail');
  if (worse !== undefined) {
    return { ...numbers, verdict: 'fail', reason: 'worse_than_baseline', check: checkOfComparison(worse, checks) };
  }
  if (score?.verdict === 'fail') {
    const check = checkOfScore(score.score, settings);
    return { ...numbers, verdict: 'fail', reason: 'score_too_low', check };
  }
  if (compared.some(({ verdict }) => verdict === 'inconclusive')) return { ...numbers, verdict: 'inconclusive' };
  const warns =
    warnings.length > 0 || score?.verdict === 'warning' || compared.some((one) => one.verdict === 'warning');
  return { ...numbers, verdict: warns ? 'warning' : 'pass' };
}

function warningsOf(watch: Watch, settings: WatchSettings): string[] {
  const overall = overallOf(watch, settings);
  return judgedMetrics(settings)
    .filter(({ name, warn, better }) => isBeyond(overall(name).value, warn, better) === true)
    .map(({ name }) => name);
}

// What has no values at all is not compared: whether that is a gap is not for the comparison to say.
function compareAll({ series = {}, reference = {}, last }: Watch, settings: WatchSettings): ComparedMetric[] {
  const { judgement } = settings;
  const baseline = judgement?.baseline ?? null;
  if (baseline === null) return [];
  // Where nothing serves beside it, there is nothing to compare with, and nothing is missing.
  const isAlone = baseline.with === 'beside' && Object.values(series).every(({ beside }) => beside.length === 0);
  if (isAlone && last?.beside == null) return [];
  const metrics = judgedMetrics(settings);
  return keptNames(judgement).flatMap((name): ComparedMetric[] => {
    const { release, beside } = series[name] ?? { release: [], beside: [] };
    const other = baseline.with === 'beside' ? besideIt(name, beside, judgement) : (reference[name] ?? null);
    if (release.length === 0 || other === null) return [];
    const better = metrics.find((metric) => metric.name === name)?.better ?? 'lower';
    return [{ metric: name, ...compareSamples(release, other, { better, settings: baseline }) }];
  });
}

// A query that names no release has one value for both: nothing is missing of what serves beside it.
function besideIt(name: string, values: readonly number[], judgement: WatchSettings['judgement']) {
  const metric = judgement?.metrics.find((one) => one.name === name);
  return values.length === 0 && metric !== undefined && !namesRelease(metric) ? null : values;
}

function scoreOf(watch: Watch, settings: WatchSettings): Score | null {
  const plan = settings.judgement?.objectives ?? null;
  if (plan === null) return null;
  const overall = overallOf(watch, settings);
  return judgeObjectives(plan, new Map(plan.objectives.map(({ metric }) => [metric, overall(metric)])));
}

function checkOfComparison({ metric, means }: ComparedMetric, checks: readonly Check[]): Check {
  const baseline = means?.baseline ?? null;
  const threshold = checks.find((check) => check.metric === metric)?.threshold ?? baseline ?? 0;
  return { metric, value: means?.release ?? null, threshold, baseline, verdict: 'BREACH' };
}

function checkOfScore(score: number, { judgement }: WatchSettings): Check {
  const threshold = judgement?.objectives?.warningPercent ?? 0;
  return { metric: 'total_score', value: score, threshold, baseline: null, verdict: 'BREACH' };
}

import { ownMetrics } from '../plan/own-metrics.ts';
import type { SoundSections } from './check-file.ts';
import type { KeyPath, Remark } from './remark.ts';
import { repeated } from './repeated.ts';
import { usualQueries } from './resolve-judgement.ts';
import { resolveWaits } from './resolve-observability.ts';
import { suggestWord } from './suggest.ts';

type Watch = NonNullable<SoundSections['observability']>;

/** What of the judgement could never be kept together. */
export function checkJudgement({ observability }: SoundSections): Remark[] {
  if (observability === undefined) return [];
  return [
    ...checkWindow(observability),
    ...checkQueries(observability),
    ...checkPatterns(observability),
    ...checkSloFile(observability),
    ...checkBaseline(observability),
    ...checkObjectives(observability),
  ];
}

function checkWindow({ failure_window: window, failure_limit: limit }: Watch): Remark[] {
  if (window === undefined || window >= limit) return [];
  const message = `${limit} bad samples can never be among ${window}`;
  return [remark(['failure_window'], message, 'Write at least `failure_limit`.')];
}

function checkQueries({ prometheus }: Watch): Remark[] {
  const queries = prometheus?.queries ?? [];
  const names = queries.map(({ name }) => name);
  const twice = repeated(names).map((index) =>
    remark(['prometheus', 'queries', index, 'name'], 'Two queries have this name', 'Give each a name of its own.'),
  );
  const taken = queries.flatMap(({ name }, index): Remark[] => {
    if (!ownMetrics.some((own) => own === name)) return [];
    const message = `\`${name}\` is what the platform measures by itself`;
    return [remark(['prometheus', 'queries', index, 'name'], message, 'Give the query another name.')];
  });
  return [...twice, ...taken];
}

function checkPatterns({ log_patterns: patterns, prometheus }: Watch): Remark[] {
  const taken = [...ownMetrics, ...usualQueries, ...(prometheus?.queries ?? []).map(({ name }) => name)];
  const twice = repeated(patterns.map(({ name }) => name));
  return patterns.flatMap(({ name }, index): Remark[] => {
    if (!taken.includes(name) && !twice.includes(index)) return [];
    const message = `\`${name}\` is the name of another metric`;
    return [remark(['log_patterns', index, 'name'], message, 'Give the pattern another name.')];
  });
}

function checkSloFile({ slo_file: path, objectives }: Watch): Remark[] {
  if (typeof path !== 'string' || objectives.length === 0) return [];
  const message = 'Both this file and `objectives` say what has to be reached';
  return [remark(['slo_file'], message, 'Write one of the two.')];
}

// Without a metrics server one sample a minute is kept.
const minutesOfHour = 60;

function checkBaseline(observability: Watch): Remark[] {
  const { baseline, prometheus, interval_seconds: interval } = observability;
  if (baseline === undefined) return [];
  const remarks: Remark[] = [];
  const kept = baseline.days * minutesOfHour;
  if (baseline.with === 'earlier_days' && prometheus === undefined && kept < baseline.min_points) {
    const message = `A comparison needs ${baseline.min_points} samples, but at most ${kept} are kept of this hour in ${baseline.days} days`;
    remarks.push(remark(['baseline', 'days'], message, 'Write more `days`, or `prometheus: {}` to ask it instead.'));
  }
  const longest = Math.max(resolveWaits(observability).maxWaitSeconds, observability.step_watch_seconds);
  const points = Math.floor(longest / interval);
  if (points < baseline.min_points) {
    const message = `A comparison needs ${baseline.min_points} samples, but at most ${points} are taken of a step`;
    remarks.push(remark(['baseline', 'min_points'], message, 'Write a shorter `interval_seconds`, or watch longer.'));
  }
  if (baseline.fail_percent < baseline.warn_percent) {
    const message = 'A warning begins only behind the breach';
    remarks.push(remark(['baseline', 'fail_percent'], message, 'Write at least `warn_percent`.'));
  }
  return remarks;
}

function checkObjectives({ objectives, prometheus, log_patterns: patterns, total_score: score }: Watch): Remark[] {
  const asked = prometheus === undefined ? [] : [...usualQueries, ...prometheus.queries.map(({ name }) => name)];
  const known = [...ownMetrics, ...asked, ...patterns.map(({ name }) => name)];
  const unknown = objectives.flatMap(({ sli }, index): Remark[] => {
    if (known.includes(sli)) return [];
    const meant = suggestWord(sli, known);
    const suggestion = meant === null ? 'Write a query of this name.' : `Did you mean \`${meant}\`?`;
    return [remark(['objectives', index, 'sli'], `Nothing measures \`${sli}\``, suggestion)];
  });
  if (score.warning <= score.pass) return unknown;
  return [
    ...unknown,
    remark(['total_score', 'warning'], 'It is above the score that is good', 'Write less than `pass`.'),
  ];
}

function remark(path: KeyPath, message: string, suggestion: string): Remark {
  return { path: ['observability', ...path], at: 'value', message, suggestion };
}

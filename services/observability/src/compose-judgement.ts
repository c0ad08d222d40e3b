import type { Comparison, Judgement, ObjectiveScore } from '@orchestra/contracts';
import type { ComparedMetric, Whole } from './judge/judge-whole.ts';
import type { ObjectiveResult } from './judge/judge-objectives.ts';
import type { Looked } from './look.ts';

// What is told stands in an event: lines of a hostile app must not fill it.
const mostProblems = 10;
const longestProblem = 600;

/** What a look says beyond its thresholds, as people and events get it; null: nothing. */
export function judgementOf({ verdict, problems = [] }: Pick<Looked, 'verdict' | 'problems'>): Judgement | null {
  const whole = 'whole' in verdict ? verdict.whole : null;
  const isPlain = whole === null || (whole.score === null && whole.compared.length + whole.warnings.length === 0);
  if (isPlain && problems.length === 0) return null;
  return {
    ...numbersOf(whole),
    problems: problems.slice(0, mostProblems).map((text) => text.slice(0, longestProblem)),
  };
}

function numbersOf(whole: Whole | null): Omit<Judgement, 'problems'> {
  if (whole === null) return { score: null, warnings: [], comparisons: [], objectives: [] };
  const { score, warnings, compared } = whole;
  return {
    score: score?.score ?? null,
    warnings,
    comparisons: compared.map(comparisonOf),
    objectives: (score?.results ?? []).map(objectiveOf),
  };
}

function comparisonOf({
  metric,
  verdict,
  reason,
  points,
  means,
  statistics,
  changePercent,
}: ComparedMetric): Comparison {
  const { estimate, low, high, p } = statistics ?? { estimate: null, low: null, high: null, p: null };
  const counted = { points: points.release, baselinePoints: points.baseline };
  const compared = { value: means?.release ?? null, baseline: means?.baseline ?? null };
  return { metric, verdict, reason, ...compared, changePercent, estimate, low, high, p, ...counted };
}

function objectiveOf({ metric, verdict, value, baseline, weight, key }: ObjectiveResult): ObjectiveScore {
  return { metric, verdict, value, baseline, weight, key };
}

import type { Criterion, ObjectivePlan, ObjectivesPlan } from '@orchestra/contracts';

/** A value, and what it is compared with; null: nobody knows. */
export interface Measured {
  value: number | null;
  baseline: number | null;
}

export interface ObjectiveResult extends Measured {
  metric: string;
  /** `shown`: it has no criteria, so it is not judged. */
  verdict: 'pass' | 'warning' | 'fail' | 'no_data' | 'shown';
  weight: number;
  key: boolean;
}

export interface Score {
  verdict: 'pass' | 'warning' | 'fail';
  reason: 'score' | 'key_objective_failed';
  /** 0 to 100. */
  score: number;
  results: readonly ObjectiveResult[];
}

/**
 * The weighted score of a release as Keptn's lighthouse had it: the whole weight for what passes, half of it for a warning,
 * nothing for what fails or has no data; a key objective that fails, fails everything.
 *
 * @see Keptn specification, "Service Level Objectives (SLO)"
 */
export function judgeObjectives(plan: ObjectivesPlan, measured: ReadonlyMap<string, Measured>): Score {
  const results = plan.objectives.map((objective) =>
    judge(objective, measured.get(objective.metric) ?? { value: null, baseline: null }),
  );
  const score = scoreOf(results);
  if (results.some(({ key, verdict }) => key && (verdict === 'fail' || verdict === 'no_data'))) {
    return { verdict: 'fail', reason: 'key_objective_failed', score, results };
  }
  return { verdict: verdictOf(score, plan), reason: 'score', score, results };
}

function verdictOf(score: number, { passPercent, warningPercent }: ObjectivesPlan): Score['verdict'] {
  if (score >= passPercent) return 'pass';
  return score >= warningPercent ? 'warning' : 'fail';
}

function scoreOf(results: readonly ObjectiveResult[]): number {
  let [reached, possible] = [0, 0];
  for (const { verdict, weight } of results) {
    if (verdict === 'shown') continue;
    possible += weight;
    reached += verdict === 'pass' ? weight : verdict === 'warning' ? weight / 2 : 0;
  }
  // Where nothing counts, nothing is missing.
  return possible === 0 ? 100 : (reached / possible) * 100;
}

function judge(objective: ObjectivePlan, measured: Measured): ObjectiveResult {
  const { metric, weight, key, pass, warning } = objective;
  const result = { ...measured, metric, weight, key };
  const { value, baseline } = measured;
  if (pass.length === 0) return { ...result, verdict: 'shown' };
  if (value === null) return { ...result, verdict: 'no_data' };
  const holds = (lists: readonly (readonly Criterion[])[]): boolean =>
    lists.some((list) => list.every((criterion) => isMet(criterion, value, baseline)));
  if (holds(pass)) return { ...result, verdict: 'pass' };
  return { ...result, verdict: holds(warning) ? 'warning' : 'fail' };
}

// As in Keptn: what is relative to a baseline that nobody knows holds, for the first release has nothing before it.
function isMet({ operator, value: written, relative }: Criterion, value: number, baseline: number | null): boolean {
  if (relative !== null && baseline === null) return true;
  const limit = limitOf(written, relative, baseline ?? 0);
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '=':
      return value === limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
  }
}

function limitOf(written: number, relative: Criterion['relative'], baseline: number): number {
  if (relative === null) return written;
  return relative === 'percent' ? baseline * (1 + written / 100) : baseline + written;
}

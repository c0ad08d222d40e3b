import type { Comparison, Judgement, ObjectiveScore } from '../events.generated.ts';

/**
 * What was judged of a release beyond its thresholds, a sentence each, with every number. Problems come from the world: who
 * shows them makes them harmless.
 *
 * @returns empty: nothing was judged beyond thresholds
 */
export function describeJudgement(judgement: Judgement | null | undefined): string[] {
  if (judgement === null || judgement === undefined) return [];
  const { score, objectives, comparisons, warnings, problems } = judgement;
  return [
    ...(score === null ? [] : [`score ${round(score)} of 100`]),
    ...objectives.map(describeObjective),
    ...comparisons.map(describeComparison),
    ...warnings.map((metric) => `${metric} is beyond its warning threshold`),
    ...problems,
  ];
}

function describeObjective({ metric, verdict, value, baseline, weight, key }: ObjectiveScore): string {
  const shown = value === null ? 'no data' : round(value);
  const beside = baseline === null ? '' : `, compared with ${round(baseline)}`;
  return `objective ${metric}: ${words(verdict)}, ${shown}${beside}, weight ${round(weight)}${key ? ', key' : ''}`;
}

function describeComparison(compared: Comparison): string {
  const { metric, verdict, reason, value, baseline, changePercent, points, baselinePoints } = compared;
  const means = value === null || baseline === null ? '' : `, mean ${round(value)} beside ${round(baseline)}`;
  const change = changePercent === null ? '' : ` (${changePercent < 0 ? '' : '+'}${round(changePercent)} %)`;
  const said = `${metric} compared: ${words(verdict)}, ${words(reason)}${means}${change}`;
  return `${said}, ${points} and ${baselinePoints} values${describeShift(compared)}`;
}

function describeShift({ estimate, low, high, p }: Comparison): string {
  if (estimate === null || low === null || high === null) return '';
  return `, shift ${round(estimate)} [${round(low)}, ${round(high)}]${p === null ? '' : `, p ${round(p)}`}`;
}

function words(word: string): string {
  return word.replaceAll('_', ' ');
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

import { usualQueries, type JudgementPlan } from '@orchestra/contracts';
import type { Watch } from './watch.ts';

/**
 * Queries with a threshold that never had a value, so that nobody can say whether it is kept. Of the queries that every file
 * has, some may fit no metric of the app: they count only when not one query had a value.
 * The output and the pods of a release are no guesses.
 */
export function findSilent({ series = {} }: Watch, judgement: JudgementPlan | undefined): readonly string[] {
  const asked = judgement?.metrics ?? [];
  const silent = asked.filter(({ name }) => (series[name]?.release.length ?? 0) === 0);
  const judged = [...silent, ...silentLines(series, judgement)]
    .filter(({ fail }) => fail !== null)
    .map(({ name }) => name);
  if (silent.length === asked.length) return judged;
  return judged.filter((name) => !usualQueries.some((usual) => usual === name));
}

function silentLines(series: NonNullable<Watch['series']>, judgement: JudgementPlan | undefined) {
  const pods = judgement?.maxPodRestarts === undefined ? [] : [{ name: 'failing_pods', fail: 0 }];
  const own = [...(judgement?.logPatterns ?? []), ...pods];
  return own.filter(({ name }) => (series[name]?.release.length ?? 0) === 0);
}

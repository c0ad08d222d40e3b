import type { z } from 'zod';
import type { Criterion, ObjectivesPlan } from '../plan/plan.ts';
import { parseCriterion } from './criterion.ts';
import type { objectives, totalScore } from './section-objectives.ts';

interface Written {
  objectives: z.output<typeof objectives>;
  total_score: z.output<typeof totalScore>;
}

/** Null: nothing is demanded. */
export function resolveObjectives({ objectives: written, total_score: score }: Written): ObjectivesPlan | null {
  if (written.length === 0) return null;
  return {
    objectives: written.map(({ sli, pass, warning, weight, key_sli: key }) => ({
      metric: sli,
      pass: pass.map(toCriteria),
      warning: warning.map(toCriteria),
      weight,
      key,
    })),
    passPercent: score.pass,
    warningPercent: score.warning,
  };
}

function toCriteria({ criteria }: { criteria: readonly string[] }): Criterion[] {
  return criteria.flatMap((text) => parseCriterion(text) ?? []);
}

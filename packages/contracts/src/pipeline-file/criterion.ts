import type { Criterion } from '../plan/plan.ts';

const form = /^\s*(<=|>=|<|>|=)\s*([+-])?\s*(\d{1,12}(?:\.\d{1,9})?)\s*(%)?\s*$/;

/** Reads a condition as Keptn's SLO files write it: `<600`, `<=+10%`, `>=-5`. Null: it is none. */
export function parseCriterion(text: string): Criterion | null {
  const match = form.exec(text);
  const operator = operators.find((one) => one === match?.[1]);
  if (match === null || operator === undefined) return null;
  const [, , sign, digits, percent] = match;
  const value = Number(`${sign ?? ''}${digits ?? ''}`);
  if (percent !== undefined) return { operator, value, relative: 'percent' };
  return { operator, value, relative: sign === undefined ? null : 'amount' };
}

const operators = ['<', '<=', '=', '>=', '>'] as const;

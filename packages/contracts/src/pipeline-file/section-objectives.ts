import { z } from 'zod';
import { parseCriterion } from './criterion.ts';

const criterion = z
  .string()
  .max(60, 'must have at most 60 characters')
  .refine((text) => parseCriterion(text) !== null, 'must be a condition such as <600, <=+10% or >=-5');

const criteria = z
  .array(
    z.strictObject({
      criteria: z
        .array(criterion)
        .min(1, 'must have at least one condition')
        .max(10, 'must have at most 10 conditions')
        .describe('Conditions that hold together, such as `<600` or `<=+10%` of what it is compared with.'),
    }),
  )
  .max(10, 'must have at most 10 alternatives');

const score = z
  .union([z.string().regex(/^(?:\d{1,2}(?:\.\d{1,3})?|100) ?%$/, 'must be a share such as 90%'), percentNumber()])
  .transform((written) => (typeof written === 'number' ? written : Number.parseFloat(written)));

function percentNumber() {
  return z.number().min(0, 'must be 0 to 100').max(100, 'must be 0 to 100');
}

/** What a metric has to be, as an entry of Keptn's SLO files has it. */
const objective = z.strictObject({
  sli: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be the name of a metric, such as error_ratio')
    .describe('The metric. Required.'),
  displayName: z.string().max(200, 'must have at most 200 characters').optional().describe('Its name for people.'),
  pass: criteria.default([]).describe('Lists of which one has to hold. Without it the metric is only shown.'),
  warning: criteria.default([]).describe('The same, for half of the weight.'),
  weight: z.number().min(0, 'must be 0 or more').max(1000, 'must be at most 1000').default(1).describe('Its weight.'),
  key_sli: z.boolean().default(false).describe('Whether failing it fails everything.'),
});

export const objectives = z.array(objective).max(50, 'must have at most 50 objectives');

export const totalScore = z.strictObject({
  pass: score.prefault('90%').describe('Score that is good.'),
  warning: score.prefault('75%').describe('Score that is good enough. Under it the release is unhealthy.'),
});

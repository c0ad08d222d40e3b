import { z } from 'zod';
import { choice } from './choice.ts';
import { parseLinePattern } from '../plan/line-pattern.ts';
import { percent, seconds, urlPath, workspacePath } from './fields.ts';
import { objectives, totalScore } from './section-objectives.ts';

const limit = z.number().min(-1e15, 'must be at least -1e15').max(1e15, 'must be at most 1e15');
const placeholders = new Set(['service', 'environment', 'release', 'window']);

const promql = z
  .string()
  .min(1, 'must not be empty')
  .max(2000, 'must have at most 2000 characters')
  .refine(
    (text) => [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].every(([, name]) => placeholders.has(name ?? '')),
    'may hold {{service}}, {{environment}}, {{release}} and {{window}}, and nothing else in double braces',
  );

const metricName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be 1 to 63 lower-case letters, digits and underscores, with a letter first');

const linePattern = z.string().superRefine((text, { addIssue }) => {
  const parsed = parseLinePattern(text);
  if (!parsed.ok) addIssue({ code: 'custom', message: parsed.problem });
});

const logPattern = z.strictObject({
  name: metricName.describe('The name of the metric.'),
  pattern: linePattern.describe(
    'What a line has to hold, in the syntax of RE2 (no lookaround, no backreferences). Looked for in the first 1000 characters of a line.',
  ),
  fail_at: limit
    .optional()
    .describe('More such lines from one look to the next are bad. 0: any is. Default: only counted.'),
  warn_at: limit.optional().describe('Beyond so many on average there is a warning. Default: never.'),
});

const query = z.strictObject({
  name: metricName.describe('The name of the metric. That of a query that we have replaces it.'),
  query: promql.describe(
    'PromQL that gives one series. `{{service}}`, `{{environment}}` and `{{release}}` become quoted label values, `{{window}}` a duration.',
  ),
  better: choice({ values: ['lower', 'higher'] })
    .prefault('lower')
    .describe('Which values are better.'),
  fail_at: limit.optional().describe('Beyond it a sample is bad. Default: not judged by a threshold.'),
  warn_at: limit.optional().describe('Beyond it there is a warning. Default: never.'),
});

const prometheus = z
  .strictObject({
    window_seconds: seconds.default(60).describe('How far rates look back.'),
    matchers: promql
      .default('service={{service}},environment={{environment}}')
      .describe(
        'Label matchers of the queries that we have. Add `release={{release}}` where your metrics carry that label: then releases are told apart.',
      ),
    queries: z.array(query).max(30, 'must have at most 30 queries').default([]).describe('Further metrics.'),
  })
  .optional()
  .describe('Asks the metrics server of the platform too. Default: it is not asked.');

const baseline = z
  .strictObject({
    with: choice({ values: ['beside', 'previous', 'earlier_days'] })
      .prefault('beside')
      .describe(
        'Compares with what serves beside it, with what served before it, or with the same hour of earlier days: by `prometheus` where that is written, else by one sample a minute that the platform keeps for 15 days.',
      ),
    days: z.int().min(1, 'must be 1 to 14').max(14, 'must be 1 to 14').default(3).describe('How many earlier days.'),
    min_points: z
      .int()
      .min(10, 'must be 10 to 400')
      .max(400, 'must be 10 to 400')
      .default(50)
      .describe('Values that each side needs. Under 50 chance has a say.'),
    tolerance: z
      .number()
      .min(0, 'must be 0 to 1')
      .max(1, 'must be 0 to 1')
      .default(0.25)
      .describe('Share of the estimated shift that the whole 95 % interval has to be beyond.'),
    warn_percent: percent.default(10).describe('Change of the mean from which a shift is a warning.'),
    fail_percent: z
      .number()
      .min(0, 'must be 0 or more')
      .max(10_000, 'must be at most 10000')
      .default(25)
      .describe('Change of the mean from which a shift is a breach.'),
  })
  .optional()
  .describe('Compares each metric with a baseline, value by value. Default: only thresholds are judged.');

/** How measurements become a verdict. */
export const judgement = {
  warm_up_seconds: z
    .number()
    .min(0, 'must be 0 or more')
    .max(86_400, 'must be at most a day (86400 seconds)')
    .default(0)
    .describe('What a release does in its first moments is not judged.'),
  failure_window: z
    .int()
    .min(1, 'must be 1 to 1000')
    .max(1000, 'must be 1 to 1000')
    .optional()
    .describe('Samples among which `failure_limit` bad ones make a breach. Default: `failure_limit`, so all in a row.'),
  on_no_data: choice({ values: ['inconclusive', 'fail'] })
    .prefault('inconclusive')
    .describe('What a release is that nothing was measured of.'),
  on_no_traffic: choice({ values: ['inconclusive', 'pass'] })
    .prefault('inconclusive')
    .describe('Whether a release that nobody asked anything may pass by the rest of its measurements.'),
  probes: z
    .array(urlPath)
    .max(10, 'must have at most 10 paths')
    .default([])
    .describe('Paths that each process of a release has to answer, looked at each time.'),
  log_patterns: z
    .array(logPattern)
    .max(10, 'must have at most 10 patterns')
    .default([])
    .describe('Lines of the output of a release that are counted from look to look.'),
  prometheus,
  baseline,
  slo_file: z
    .union([workspacePath, z.literal(false)])
    .optional()
    .describe(
      'Path of an SLO file of Keptn, whose objectives hold. `false`: none is read. Default: `slo.yaml` where there is one and no `objectives` are written.',
    ),
  objectives: objectives
    .default([])
    .describe('What metrics have to be at the end of a watch, as in the SLO files of Keptn.'),
  total_score: totalScore.prefault({}).describe('The score of the objectives, in percent.'),
};

import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function parse(observability: object) {
  return parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, observability }));
}

function judgementOf(observability: object) {
  const parsed = parse(observability);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan.observability.judgement;
}

const often = { interval_seconds: 1, step_watch_seconds: 60 };

describe('the judgement of a pipeline file', () => {
  it('asks the usual queries with the matchers and limits of the file', () => {
    const thresholds = { error_rate_percent: 2, latency_ms: 300, latency_percentile: 99 };
    const prometheus = { matchers: 'job={{service}},release={{release}}', window_seconds: 30 };

    const judgement = judgementOf({ thresholds, prometheus });

    expect(judgement?.windowMs).toBe(30_000);
    expect(judgement?.metrics.map(({ name, fail }) => [name, fail])).toEqual([
      ['http_error_ratio', 0.02],
      ['http_latency_ms', 300],
      ['http_requests_per_second', null],
      ['process_cpu_ratio', null],
      ['process_memory_bytes', null],
      ['process_restarts', 0],
    ]);
    expect(judgement?.metrics[1]?.query).toBe(
      '1000 * histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job={{service}},release={{release}}}[{{window}}])))',
    );
  });

  it('lets a query replace a usual one and adds others', () => {
    const queries = [
      { name: 'http_error_ratio', query: 'errors', fail_at: 0.1 },
      { name: 'orders_per_minute', query: 'orders', better: 'higher', warn_at: 5 },
    ];

    const metrics = judgementOf({ prometheus: { queries } })?.metrics ?? [];

    expect(metrics.filter(({ name }) => name === 'http_error_ratio')).toEqual([
      { name: 'http_error_ratio', query: 'errors', better: 'lower', fail: 0.1, warn: null },
    ]);
    expect(metrics.at(-1)).toEqual({
      name: 'orders_per_minute',
      query: 'orders',
      better: 'higher',
      fail: null,
      warn: 5,
    });
  });

  it('compares as Kayenta does where nothing else is written', () => {
    expect(judgementOf({ ...often, baseline: {} })?.baseline).toEqual({
      with: 'beside',
      days: 3,
      minPoints: 50,
      tolerance: 0.25,
      warnPercent: 10,
      failPercent: 25,
    });
  });

  it.each(['previous', 'earlier_days'])('needs no metrics server to compare with %s', (word) => {
    expect(parse({ ...often, baseline: { with: word } }).ok).toBe(true);
  });

  it.each([
    { given: { failure_limit: 3, failure_window: 2 }, path: 'failure_window' },
    { given: { prometheus: { queries: [{ name: 'error_ratio', query: 'x' }] } }, path: 'prometheus.queries[0].name' },
    {
      given: {
        prometheus: {
          queries: [
            { name: 'a', query: 'x' },
            { name: 'a', query: 'y' },
          ],
        },
      },
      path: 'prometheus.queries[1].name',
    },
    { given: { prometheus: { queries: [{ name: 'a', query: 'x{{pod}}' }] } }, path: 'prometheus.queries[0].query' },
    { given: { interval_seconds: 10, baseline: {} }, path: 'baseline.min_points' },
    { given: { ...often, baseline: { with: 'earlier_days', days: 1, min_points: 61 } }, path: 'baseline.days' },
    { given: { ...often, baseline: { warn_percent: 30 } }, path: 'baseline.fail_percent' },
    { given: { objectives: [{ sli: 'error_ration' }] }, path: 'objectives[0].sli' },
    { given: { objectives: [{ sli: 'http_error_ratio' }] }, path: 'objectives[0].sli' },
    { given: { total_score: { pass: '70%' } }, path: 'total_score.warning' },
    { given: { probes: ['health'] }, path: 'probes[0]' },
    { given: { log_patterns: [{ name: 'a', pattern: '(a)\\1' }] }, path: 'log_patterns[0].pattern' },
    { given: { log_patterns: [{ name: 'pod_restarts', pattern: 'x' }] }, path: 'log_patterns[0].name' },
    { given: { slo_file: 'slo.yaml', objectives: [{ sli: 'latency_ms' }] }, path: 'slo_file' },
    { given: { slo_file: '../slo.yaml' }, path: 'slo_file' },
  ])('refuses what can never be kept: $path', ({ given, path }) => {
    const parsed = parse(given);

    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.path)).toContain(`observability.${path}`);
  });

  it('counts lines of the output, and lets objectives name them', () => {
    const patterns = [{ name: 'panics', pattern: 'panic:', fail_at: 0 }];

    const judgement = judgementOf({ log_patterns: patterns, objectives: [{ sli: 'panics' }] });

    expect(judgement?.logPatterns).toEqual([{ name: 'panics', pattern: 'panic:', fail: 0, warn: null }]);
  });

  it('says which metric was meant', () => {
    const parsed = parse({ objectives: [{ sli: 'error_ration' }] });

    expect(parsed).toMatchObject({ problems: [{ suggestion: 'Did you mean `error_ratio`?' }] });
  });
});

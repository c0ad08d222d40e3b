import { describe, expect, it } from '@jest/globals';
import { describeJudgement } from './describe-judgement.ts';

const compared = {
  metric: 'latency_ms',
  verdict: 'fail',
  reason: 'shifted',
  value: 150,
  baseline: 100,
  changePercent: 50,
  estimate: 49.7,
  low: 40,
  high: 60,
  p: 0.000_012_34,
  points: 60,
  baselinePoints: 55,
};

describe('describeJudgement', () => {
  it('says nothing where nothing was judged', () => {
    expect([describeJudgement(null), describeJudgement(undefined)]).toEqual([[], []]);
  });

  it('says score, objectives, comparisons, warnings and problems with their numbers', () => {
    const objective = { metric: 'error_ratio', verdict: 'no_data', value: null, baseline: null, weight: 2, key: true };

    const said = describeJudgement({
      score: 62.5,
      objectives: [objective, { ...objective, verdict: 'pass', value: 0.01, baseline: 0.02, weight: 1, key: false }],
      comparisons: [compared],
      warnings: ['queue'],
      problems: ['web-1: OOMKilled'],
    });

    expect(said).toEqual([
      'score 62.5 of 100',
      'objective error_ratio: no data, no data, weight 2, key',
      'objective error_ratio: pass, 0.01, compared with 0.02, weight 1',
      'latency_ms compared: fail, shifted, mean 150 beside 100 (+50 %), 60 and 55 values, shift 49.7 [40, 60], p 0.00001234',
      'queue is beyond its warning threshold',
      'web-1: OOMKilled',
    ]);
  });

  it('leaves out the numbers that there are not', () => {
    const few = { ...compared, verdict: 'inconclusive', reason: 'too_few_points', value: null, estimate: null };
    const judgement = { score: null, objectives: [], warnings: [], problems: [] };

    expect(describeJudgement({ ...judgement, comparisons: [{ ...few, changePercent: null }] })).toEqual([
      'latency_ms compared: inconclusive, too few points, 60 and 55 values',
    ]);
  });
});

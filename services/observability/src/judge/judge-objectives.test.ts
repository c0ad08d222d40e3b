import { describe, expect, it } from '@jest/globals';
import type { Criterion, ObjectivePlan } from '@orchestra/contracts';
import { judgeObjectives } from './judge-objectives.ts';

const below = (value: number): Criterion => ({ operator: '<', value, relative: null });
const tenth: Criterion = { operator: '<=', value: 10, relative: 'percent' };
const latency: ObjectivePlan = {
  metric: 'latency_ms',
  pass: [[tenth, below(600)]],
  warning: [[below(800)]],
  weight: 1,
  key: false,
};
const errors: ObjectivePlan = { metric: 'error_ratio', pass: [[below(0.01)]], warning: [], weight: 3, key: false };
const shown: ObjectivePlan = { metric: 'throughput', pass: [], warning: [], weight: 100, key: false };
const bands = { passPercent: 90, warningPercent: 75 };

function judge(objectives: readonly ObjectivePlan[], values: Record<string, number | [number, number]>) {
  const measured = Object.entries(values).map(([metric, value]): [string, Measured] =>
    Array.isArray(value) ? [metric, { value: value[0], baseline: value[1] }] : [metric, { value, baseline: null }],
  );
  return judgeObjectives({ objectives, ...bands }, new Map(measured));
}
type Measured = { value: number; baseline: number | null };

describe('judgeObjectives', () => {
  it.each([
    { what: 'both hold', values: { latency_ms: 500, error_ratio: 0 }, score: 100, verdict: 'pass' },
    { what: 'the light one warns', values: { latency_ms: 700, error_ratio: 0 }, score: 87.5, verdict: 'warning' },
    { what: 'the light one fails', values: { latency_ms: 900, error_ratio: 0 }, score: 75, verdict: 'warning' },
    { what: 'the heavy one fails', values: { latency_ms: 500, error_ratio: 0.5 }, score: 25, verdict: 'fail' },
    { what: 'the heavy one is unknown', values: { latency_ms: 500 }, score: 25, verdict: 'fail' },
  ] as const)('weighs: $what', ({ values, score, verdict }) => {
    expect(judge([latency, errors, shown], values)).toMatchObject({ score, verdict, reason: 'score' });
  });

  it.each([
    { value: 550, before: 500, verdict: 'pass' },
    { value: 551, before: 500, verdict: 'warning' },
    { value: 650, before: 640, verdict: 'warning' },
  ] as const)('calls $value $verdict where $before was measured before', ({ value, before, verdict }) => {
    expect(judge([latency], { latency_ms: [value, before] }).results[0]).toMatchObject({ verdict });
  });

  it.each([
    ['=', 5, true],
    ['>=', 5, true],
    ['>', 5, false],
    ['<=', 5, true],
    ['<', 5, false],
  ] as const)('compares 5 %s 5', (operator, value, holds) => {
    const objective = { ...errors, pass: [[{ operator, value, relative: null }]] };

    expect(judge([objective], { error_ratio: 5 }).verdict).toBe(holds ? 'pass' : 'fail');
  });

  it('adds a relative amount to what was before', () => {
    const objective = { ...errors, pass: [[{ operator: '<=' as const, value: 2, relative: 'amount' as const }]] };

    expect(judge([objective], { error_ratio: [7, 5] }).verdict).toBe('pass');
    expect(judge([objective], { error_ratio: [8, 5] }).verdict).toBe('fail');
  });

  it.each([{ values: { error_ratio: 1 } }, { values: {} }])(
    'fails everything where a key objective has $values',
    ({ values }) => {
      const key = { ...errors, weight: 1, key: true };
      const heavy = { ...latency, weight: 1000 };

      expect(judge([key, heavy], { ...values, latency_ms: 1 })).toMatchObject({
        verdict: 'fail',
        reason: 'key_objective_failed',
      });
    },
  );

  it('demands nothing where nothing has criteria', () => {
    expect(judge([shown], {})).toMatchObject({ score: 100, verdict: 'pass', results: [{ verdict: 'shown' }] });
  });
});

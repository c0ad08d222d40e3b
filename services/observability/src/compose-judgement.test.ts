import { describe, expect, it } from '@jest/globals';
import { judgementOf } from './compose-judgement.ts';
import { settingsWith, watchOf } from './judge/asked-watch.fixture.ts';
import { judgeWatch } from './judge/judge-watch.ts';

const looks = Array.from({ length: 12 }, () => ({ release: { queue: 60 }, beside: { queue: 30 } }));
const baseline = {
  with: 'beside' as const,
  days: 3,
  minPoints: 10,
  tolerance: 0.25,
  warnPercent: 10,
  failPercent: 500,
};

describe('judgementOf', () => {
  it('keeps score, warnings and each number of a verdict', () => {
    const criterion = { operator: '<' as const, value: 50, relative: null };
    const objective = { metric: 'queue', pass: [[criterion]], warning: [[{ ...criterion, value: 90 }]], weight: 1 };
    const objectives = { objectives: [{ ...objective, key: false }], passPercent: 90, warningPercent: 50 };
    const settings = settingsWith({ baseline, objectives });

    const verdict = judgeWatch(watchOf(looks, settings), settings, 13_000);

    expect(verdict.kind).toBe('healthy');
    expect(judgementOf({ verdict })).toMatchObject({
      score: 50,
      warnings: ['queue'],
      comparisons: [{ metric: 'queue', verdict: 'warning', value: 60, baseline: 30, changePercent: 100, points: 12 }],
      objectives: [{ metric: 'queue', verdict: 'warning', value: 60, baseline: 30, weight: 1, key: false }],
      problems: [],
    });
  });

  it('is nothing where thresholds said it all', () => {
    const settings = settingsWith({ metrics: [] });

    expect(judgementOf({ verdict: judgeWatch(watchOf([], settings), settings, 1) })).toBeNull();
  });

  it('keeps so much of what is wrong as an event can carry', () => {
    const verdict = { kind: 'go_on' as const, reason: 'watching' as const, checks: [] };
    const problems = Array.from({ length: 50 }, () => 'x'.repeat(10_000));

    const kept = judgementOf({ verdict, problems })?.problems ?? [];

    expect([kept.length, kept[0]?.length]).toEqual([10, 600]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { BaselinePlan, ObjectivesPlan } from '@orchestra/contracts';
import { judgeWatch } from './judge-watch.ts';
import { sequence } from './sequence.fixture.ts';
import { queue, settingsWith, watchOf } from './asked-watch.fixture.ts';
import type { WatchSettings } from './watch.ts';

const times = (count: number, value: number | null) =>
  Array.from({ length: count }, () => ({ release: { queue: value } }));
const values = (all: readonly (number | null)[]) => all.map((value) => ({ release: { queue: value } }));

function judge(looks: Parameters<typeof watchOf>[0], settings: WatchSettings, reference?: Record<string, number[]>) {
  return judgeWatch(watchOf(looks, settings, reference), settings, (looks.length + 1) * 1000);
}

describe('a metric that was asked for', () => {
  it('passes under its threshold, and keeps its mean', () => {
    expect(judge(times(10, 7), settingsWith({}))).toMatchObject({
      kind: 'healthy',
      reason: 'within_thresholds',
      checks: expect.arrayContaining([{ metric: 'queue', value: 7, threshold: 100, baseline: null, verdict: 'PASS' }]),
    });
  });

  it('warns beyond its warning threshold', () => {
    expect(judge(times(10, 70), settingsWith({}))).toMatchObject({
      kind: 'healthy',
      reason: 'within_warning',
      whole: { verdict: 'warning', warnings: ['queue'] },
    });
  });

  it('breaches after so many bad samples in a row', () => {
    expect(judge(values([1, 101, 102, 103]), settingsWith({}))).toMatchObject({
      kind: 'breach',
      reason: 'threshold_breached',
      breach: { metric: 'queue', value: 103, threshold: 100 },
      attribution: 'RELEASE',
    });
  });

  it('is not the doing of the release when what serves beside it breaches too', () => {
    const both = Array.from({ length: 3 }, () => ({ release: { queue: 200 }, beside: { queue: 300 } }));

    expect(judge(both, settingsWith({}))).toMatchObject({ kind: 'breach', attribution: 'ELSEWHERE' });
  });

  it('breaches under its threshold where higher is better', () => {
    const settings = settingsWith({ metrics: [{ ...queue, better: 'higher', warn: null }] });

    expect(judge(times(3, 5), settings)).toMatchObject({ kind: 'breach', breach: { value: 5 } });
  });

  it('breaches with N bad samples of M', () => {
    const flapping = values([1, 101, 1, 101, 101]);

    expect(judge(flapping, settingsWith({ failureWindow: 5 }))).toMatchObject({ kind: 'breach' });
    expect(judge(flapping, settingsWith({ failureWindow: 3 }))).toMatchObject({ kind: 'go_on' });
    expect(judge(values([101, 101, 1, 1, 1, 101]), settingsWith({ failureWindow: 5 }))).toMatchObject({
      kind: 'go_on',
    });
  });

  it('is not judged while the release warms up', () => {
    const settings = settingsWith({ warmUpMs: 4_500 });
    const cold = [...times(4, 1000), ...times(12, 1)];

    expect(judge(times(4, 1000), settings)).toMatchObject({ kind: 'go_on', reason: 'watching' });
    // The watch is as long as ever behind its warm-up.
    expect(judge(cold.slice(0, 12), settings)).toMatchObject({ kind: 'go_on', reason: 'watching' });
    expect(judge(cold, settings)).toMatchObject({ kind: 'healthy' });
  });

  it('F23: cannot be judged when it never had a value, and is neither good nor bad', () => {
    const metrics = [queue, { ...queue, name: 'other' }];
    const half = Array.from({ length: 12 }, () => ({ release: { queue: 1, other: null } }));

    expect(judge(half, settingsWith({ metrics }))).toMatchObject({ kind: 'go_on', reason: 'no_data' });
    expect(judge([...half, ...half], settingsWith({ metrics }))).toMatchObject({
      kind: 'inconclusive',
      reason: 'no_data',
    });
    expect(judge(times(25, null), settingsWith({}))).toMatchObject({ kind: 'inconclusive', reason: 'no_data' });
  });

  it('need not be there when it is one that we only guessed', () => {
    const metrics = [queue, { ...queue, name: 'http_latency_ms' }];

    expect(judge(times(10, 1), settingsWith({ metrics }))).toMatchObject({ kind: 'healthy' });
  });

  it('has to be there, also as a guess, where nothing else is', () => {
    const metrics = [{ ...queue, name: 'http_latency_ms' }];

    expect(judge(times(25, 1), settingsWith({ metrics }))).toMatchObject({ kind: 'inconclusive', reason: 'no_data' });
  });

  it('F23: goes back for want of data only where the file says so', () => {
    expect(judge(times(25, null), settingsWith({ onNoData: 'fail' }))).toMatchObject({
      kind: 'breach',
      reason: 'no_data',
      breach: { metric: 'samples', value: 0 },
    });
  });
});

const kayenta: BaselinePlan = {
  with: 'beside',
  days: 3,
  minPoints: 50,
  tolerance: 0.25,
  warnPercent: 10,
  failPercent: 25,
};

describe('a metric beside its baseline', () => {
  const beside = sequence(7, 60, { base: 30, spread: 6 });
  const against = (percent: number, count = 60) =>
    sequence(1, count, { base: 30, spread: 6 }).map((value, index) => ({
      release: { queue: value * (1 + percent / 100) },
      beside: { queue: beside[index] ?? null },
    }));
  const settings = settingsWith({ baseline: kayenta });

  it.each([
    { percent: 0, kind: 'healthy', reason: 'within_thresholds' },
    { percent: 15, kind: 'healthy', reason: 'within_warning' },
    { percent: 50, kind: 'breach', reason: 'worse_than_baseline' },
  ])('is $kind when it is $percent % worse, though no threshold is crossed', ({ percent, kind, reason }) => {
    expect(judge(against(percent), settings)).toMatchObject({ kind, reason });
  });

  it('keeps the numbers of the comparison', () => {
    expect(judge(against(50), settings)).toMatchObject({
      breach: { metric: 'queue', threshold: 100, baseline: expect.closeTo(33, 0) },
      whole: { compared: [{ metric: 'queue', points: { release: 60, baseline: 60 }, reason: 'shifted' }] },
    });
  });

  it('waits for fifty points a side, and is inconclusive without them', () => {
    expect(judge(against(50, 15), settings)).toMatchObject({ kind: 'go_on', reason: 'too_few_points' });
    expect(judge(against(50, 25), settings)).toMatchObject({ kind: 'inconclusive', reason: 'too_few_points' });
  });

  it('is not compared where nothing serves beside it', () => {
    expect(judge(times(15, 7), settings)).toMatchObject({ kind: 'healthy', whole: { compared: [] } });
  });

  it.each(['previous', 'earlier_days'] as const)('is compared with the values of %s', (what) => {
    const longer = settingsWith({ baseline: { ...kayenta, with: what } });
    const looks = against(50).map(({ release }) => ({ release }));

    expect(judge(looks, longer, { queue: beside })).toMatchObject({ kind: 'breach', reason: 'worse_than_baseline' });
    expect(judge(looks, longer, { queue: beside.slice(0, 20) })).toMatchObject({ kind: 'inconclusive' });
    expect(judge(looks, longer)).toMatchObject({ kind: 'healthy', whole: { compared: [] } });
  });
});

describe('objectives at the end of a watch', () => {
  const objectives: ObjectivesPlan = {
    objectives: [
      {
        metric: 'queue',
        pass: [[{ operator: '<', value: 10, relative: null }]],
        warning: [[{ operator: '<', value: 20, relative: null }]],
        weight: 1,
        key: false,
      },
    ],
    passPercent: 90,
    warningPercent: 50,
  };
  const settings = settingsWith({ objectives });

  it.each([
    { value: 5, kind: 'healthy', reason: 'within_thresholds', score: 100 },
    { value: 15, kind: 'healthy', reason: 'within_warning', score: 50 },
    { value: 40, kind: 'breach', reason: 'score_too_low', score: 0 },
  ])('give $value a score of $score', ({ value, kind, reason, score }) => {
    expect(judge(times(10, value), settings)).toMatchObject({ kind, reason, whole: { score: { score } } });
  });

  it('are judged only when the watch is over', () => {
    expect(judge(times(5, 40), settings)).toMatchObject({ kind: 'go_on', reason: 'watching' });
  });
});

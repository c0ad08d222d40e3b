import { describe, expect, it } from '@jest/globals';
import type { BaselinePlan, ObservabilityPlan } from '@orchestra/contracts';
import { settingsWith } from './asked-watch.fixture.ts';
import { replaySamples, type RecordedSample } from './replay-samples.ts';
import { sequence } from './sequence.fixture.ts';

const { thresholds, judgement } = settingsWith({ metrics: [] });
const plan: ObservabilityPlan = {
  enabled: true,
  thresholds: { ...thresholds, errorRatio: 0.05 },
  intervalMs: 1000,
  stepWatchMs: 5_000,
  releaseWatchMs: 10_000,
  minSamples: 3,
  failureLimit: 3,
  maxWaitMs: 20_000,
  ...(judgement === undefined ? {} : { judgement }),
};

/** A sample each second of one release. */
function record(release: string, from: number, errors: readonly (number | null)[], beside?: number): RecordedSample[] {
  return errors.map((value, index) => ({
    at: from + index * 1000,
    release,
    values: { error_ratio: value },
    beside: beside === undefined ? null : { error_ratio: beside },
  }));
}

const times = (count: number, value: number | null) => Array.from({ length: count }, () => value);

const values = (seed: number) => sequence(seed, 60, { base: 30, spread: 6 });
const queue = (release: string, from: number, all: readonly number[]): RecordedSample[] =>
  all.map((value, index) => ({ at: from + index * 1000, release, values: { queue: value }, beside: null }));

describe('replaySamples', () => {
  it('says what would have been rolled back, and when', () => {
    const recording = [...record('r1', 0, times(15, 0.01)), ...record('r2', 60_000, [0, 0, 0.2, 0.3, 0.4, 0.5])];

    expect(replaySamples(recording, plan)).toMatchObject([
      { release: 'r1', verdict: 'healthy', startedAt: 0, decidedAt: 10_000 },
      {
        release: 'r2',
        verdict: 'rolled_back',
        reason: 'threshold_breached',
        startedAt: 60_000,
        decidedAt: 64_000,
        samples: 5,
        breach: { metric: 'error_ratio', value: 0.4, threshold: 0.05 },
      },
    ]);
  });

  it.each([
    { what: 'the recording ends too early', errors: times(5, 0), verdict: 'undecided' },
    { what: 'there was no traffic', errors: times(25, null), verdict: 'inconclusive' },
    { what: 'single samples were bad', errors: [0.2, ...times(14, 0)], verdict: 'healthy' },
  ])('says $verdict when $what', ({ errors, verdict }) => {
    expect(replaySamples(record('r1', 0, errors), plan)).toMatchObject([{ verdict }]);
  });

  it('takes nothing back for what was as bad beside it', () => {
    expect(replaySamples(record('r1', 0, times(5, 0.3), 0.4), plan)).toMatchObject([{ verdict: 'not_attributed' }]);
  });

  it('takes samples in any order', () => {
    const recording = record('r1', 0, [0, 0.2, 0.3, 0.4]).toReversed();

    expect(replaySamples(recording, plan)).toMatchObject([{ verdict: 'rolled_back', decidedAt: 3_000 }]);
  });

  it.each([
    { percent: 0, verdict: 'healthy' },
    { percent: 60, verdict: 'rolled_back' },
  ])('compares with the release before: $percent % more is $verdict', ({ percent, verdict }) => {
    const worse = values(1).map((value) => value * (1 + percent / 100));
    const baseline: BaselinePlan = {
      with: 'previous',
      days: 3,
      minPoints: 50,
      tolerance: 0.25,
      warnPercent: 10,
      failPercent: 25,
    };
    const compared = settingsWith({ baseline }).judgement;
    const wanted = {
      ...plan,
      thresholds,
      maxWaitMs: 60_000,
      ...(compared === undefined ? {} : { judgement: compared }),
    };

    const replayed = replaySamples([...queue('r1', 0, values(7)), ...queue('r2', 100_000, worse)], wanted);

    expect(replayed[1]).toMatchObject({ release: 'r2', verdict });
  });
});

import { describe, expect, it } from '@jest/globals';
import { addLook, judgeWatch, startWatch, type Look, type Watch, type WatchSettings } from './judge-watch.ts';
import type { Counters } from '../ports.ts';
import { settingsWith } from './asked-watch.fixture.ts';

const settings: WatchSettings = {
  thresholds: {
    errorRatio: 0.05,
    latencyMs: 100,
    latencyPercentile: 95,
    cpuRatio: null,
    memoryBytes: 1000,
    diskBytes: null,
    networkBytesPerSecond: null,
  },
  minSamples: 3,
  failureLimit: 3,
  maxWaitMs: 60_000,
  watchMs: 30_000,
  recorded: [],
};

const nothing: Counters = {
  requests: 0,
  errors: 0,
  latency: { boundsMs: [10, 50, 100, 500], counts: [0, 0, 0, 0, 0] },
  networkBytes: 0,
  cpuSeconds: 0,
  memoryBytes: 500,
  diskWrittenBytes: 0,
  wanted: 1,
  ready: 1,
  app: null,
};

interface Interval {
  requests?: number;
  errors?: number;
  bucket?: number;
  memoryBytes?: number;
  written?: number;
  ready?: number;
  beside?: { requests: number; errors: number };
}

/** A watch over intervals of five seconds each. */
function watchOver(intervals: readonly Interval[], around: WatchSettings = settings): Watch {
  let release = nothing;
  let beside = intervals.some((interval) => interval.beside !== undefined) ? nothing : null;
  let watch = addLook(startWatch(0), { at: 0, countedSince: 'a', release, beside }, around);
  for (const [index, interval] of intervals.entries()) {
    release = { ...grow(release, interval), memoryBytes: interval.memoryBytes ?? 500, ready: interval.ready ?? 1 };
    beside = beside === null ? null : grow(beside, interval.beside ?? {});
    watch = addLook(watch, { at: (index + 1) * 5_000, countedSince: 'a', release, beside }, around);
  }
  return watch;
}

function grow(counters: Counters, { requests = 0, errors = 0, bucket = 1, written = 0 }: Interval): Counters {
  const counts = counters.latency.counts.map((count, index) => count + (index === bucket ? requests : 0));
  const latency = { ...counters.latency, counts };
  const diskWrittenBytes = (counters.diskWrittenBytes ?? 0) + written;
  return {
    ...counters,
    requests: counters.requests + requests,
    errors: counters.errors + errors,
    latency,
    diskWrittenBytes,
  };
}

function repeat(interval: Interval, times: number): Interval[] {
  return Array.from({ length: times }, () => interval);
}

const good: Interval = { requests: 100, errors: 1 };
const bad: Interval = { requests: 100, errors: 20 };
const silent: Interval = {};

function judge(intervals: readonly Interval[], change: Partial<WatchSettings> = {}) {
  const around = { ...settings, ...change };
  return judgeWatch(watchOver(intervals, around), around, intervals.length * 5_000);
}

describe('judgeWatch by thresholds', () => {
  it('goes on while the watch is not over, however good it looks', () => {
    expect(judge([good, good, good, good])).toMatchObject({ kind: 'go_on', reason: 'watching' });
  });

  it('calls a release healthy after the whole watch with enough samples', () => {
    expect(judge(repeat(good, 6))).toMatchObject({
      kind: 'healthy',
      checks: expect.arrayContaining([
        expect.objectContaining({ metric: 'error_ratio', value: 0.01, verdict: 'PASS' }),
      ]),
    });
  });

  it('calls a breach after so many bad samples in a row, before the watch is over', () => {
    expect(judge([good, bad, bad, bad])).toMatchObject({
      kind: 'breach',
      breach: { metric: 'error_ratio', value: 0.2, threshold: 0.05, verdict: 'BREACH' },
      attribution: 'RELEASE',
    });
  });

  it('calls a breach when what was written since the watch began goes over its limit, little by little', () => {
    const change = { thresholds: { ...settings.thresholds, diskBytes: 350 } };

    const writing = repeat({ ...good, written: 100 }, 6);

    expect(judge(writing.slice(0, 5), change)).toMatchObject({ kind: 'go_on' });
    expect(judge(writing, change)).toMatchObject({
      kind: 'breach',
      breach: { metric: 'disk_bytes', value: 600, threshold: 350 },
    });
  });

  it('forgives bad samples that a good one interrupts, as long as the whole is good', () => {
    expect(judge([bad, good, good, good, good, good, good, good])).toMatchObject({ kind: 'healthy' });
  });

  it('calls a breach at the end when errors that come and go make the whole bad', () => {
    expect(judge([bad, good, bad, good, bad, good])).toMatchObject({
      kind: 'breach',
      breach: { metric: 'error_ratio' },
    });
  });

  it('does not call a release healthy that has just turned bad', () => {
    expect(judge([good, good, good, good, good, { requests: 10, errors: 1 }])).toMatchObject({
      kind: 'go_on',
      reason: 'just_turned_bad',
    });
  });

  it.each([
    { when: 'nobody asked it anything', intervals: repeat(silent, 6), reason: 'too_few_samples' },
    { when: 'hardly anybody did', intervals: [good, good, silent, silent, silent, silent], reason: 'too_few_samples' },
  ])('waits for more when $when', ({ intervals, reason }) => {
    expect(judge(intervals)).toMatchObject({ kind: 'go_on', reason });
  });

  it.each([
    { when: 'nobody ever asked', intervals: repeat(silent, 12), reason: 'no_data' },
    { when: 'too few ever asked', intervals: [good, ...repeat(silent, 11)], reason: 'too_few_samples' },
  ])('cannot judge, and never says healthy, when $when', ({ intervals, reason }) => {
    expect(judge(intervals)).toMatchObject({ kind: 'inconclusive', reason });
  });

  it('cannot judge when there was no data at all', () => {
    expect(judgeWatch(startWatch(0), settings, 60_000)).toMatchObject({ kind: 'inconclusive', reason: 'no_data' });
  });

  it('keeps what was bad through silence', () => {
    expect(judge([bad, bad, silent, bad])).toMatchObject({ kind: 'breach' });
  });

  it('blames something else when what serves beside it breaches the same threshold', () => {
    const both = { ...bad, beside: { requests: 100, errors: 30 } };

    expect(judge([both, both, both])).toMatchObject({
      kind: 'breach',
      attribution: 'ELSEWHERE',
      breach: { baseline: 0.3 },
    });
  });

  it('blames the release when what serves beside it is fine', () => {
    const one = { ...bad, beside: { requests: 100, errors: 0 } };

    expect(judge([one, one, one])).toMatchObject({ attribution: 'RELEASE', breach: { baseline: 0 } });
  });

  it('compares with the release before where nothing serves beside it', () => {
    const recorded = [
      { metric: 'error_ratio', value: 0.02, threshold: 0.05, baseline: null, verdict: 'PASS' as const },
    ];

    expect(judge([bad, bad, bad], { recorded })).toMatchObject({ breach: { baseline: 0.02 } });
  });

  it.each([
    { metric: 'latency_ms', interval: { requests: 100, bucket: 3 } },
    { metric: 'memory_bytes', interval: { requests: 100, memoryBytes: 2000 } },
    { metric: 'unready_processes', interval: { requests: 100, ready: 0 } },
  ])('judges $metric', ({ metric, interval }) => {
    expect(judge([interval, interval, interval])).toMatchObject({ kind: 'breach', breach: { metric } });
  });

  it('may pass a release that nobody asked anything where the file says so', () => {
    const passing = settingsWith({ metrics: [], onNoTraffic: 'pass' }, settings);

    expect(judge(repeat(silent, 12), passing)).toMatchObject({ kind: 'healthy' });
    expect(judge(repeat(silent, 12), settingsWith({ metrics: [] }, settings))).toMatchObject({ kind: 'inconclusive' });
  });

  it('needs no traffic where only the machine is judged', () => {
    const thresholds = { ...settings.thresholds, errorRatio: null, latencyMs: null };

    expect(judge(repeat(silent, 6), { thresholds })).toMatchObject({ kind: 'healthy' });
  });

  it('does not count what a release did while it warmed up', () => {
    const warming = settingsWith({ metrics: [], warmUpMs: 12_000 }, settings);
    const cold = [...repeat(bad, 2), ...repeat(good, 10)];

    expect(watchOver(cold, warming)).toMatchObject({ samples: 10, bad: { error_ratio: 0 } });
    expect(judge(cold, warming)).toMatchObject({ kind: 'healthy' });
  });

  it('does not count where counters fall, although nobody says that they began anew', () => {
    const before = watchOver([good, good, good]);
    const fallen: Look = { at: 20_000, countedSince: 'a', release: nothing, beside: null };

    expect(addLook(before, fallen, settings)).toMatchObject({ samples: 3, first: fallen, last: fallen });
  });

  it('begins to count anew when the counters did, instead of seeing negative traffic', () => {
    const before = watchOver([good, good, good]);
    const restarted: Look = { at: 20_000, countedSince: 'b', release: nothing, beside: null };

    const watch = addLook(before, restarted, settings);

    expect(watch).toMatchObject({ samples: 3, first: restarted, last: restarted });
  });
});

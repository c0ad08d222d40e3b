import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type ServiceStore } from '@orchestra/runtime';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import { countingRouter } from '../counted-release.fixture.ts';
import { sequence } from '../judge/sequence.fixture.ts';
import { createService } from '../service.ts';
import { aWatch, watchBegins } from '../watched-events.fixture.ts';
import { createKeptSamples, everyMinute } from './kept-samples.fixture.ts';

const dayMs = 86_400_000;
const often = { interval_seconds: 1, step_watch_seconds: 60, release_watch_seconds: 60, max_wait_seconds: 90 };
const errors = sequence(3, 200, { base: 5, spread: 10 });

/** So many minutes that r1 has served, with about 10 of 1000 requests failed. */
function served(from: number, minutes: number) {
  const values = errors.slice(0, minutes).map((failed) => ({ error_ratio: failed / 1000, latency_ms: 95 }));
  return everyMinute(from, 'r1', values);
}

/** What is kept of this hour of three days, or of the time just before. */
const histories = {
  earlier_days: (minutes: number) => [1, 2, 3].flatMap((day) => served(watchBegins.getTime() - day * dayMs, minutes)),
  previous: (minutes: number) => served(watchBegins.getTime() - minutes * 60_000, minutes),
};

interface Played {
  baseline: keyof typeof histories;
  minutes: number;
  /** Failed requests a second more than before, of 1000. */
  worse?: number;
  phase?: 'STEP' | 'RELEASED';
}

async function play({ baseline, minutes, worse = 0, phase = 'RELEASED' }: Played) {
  const clock = createFakeClock(watchBegins);
  const measurements = countingRouter(clock, (at) => [1000, (errors[100 + Math.floor(at)] ?? 0) + worse]);
  const { kept, store } = createKeptSamples(histories[baseline](minutes));
  const watch = aWatch({ phase, observability: { ...often, baseline: { with: baseline } } });
  const { ended } = await receiveUntilEnd(
    createService({ measurements }),
    { ...watch, store: { ...watch.store, ...store } },
    clock,
  );
  return { ended, kept };
}

describe.each([
  { baseline: 'earlier_days' as const, minutes: 30, phase: 'RELEASED' as const },
  { baseline: 'earlier_days' as const, minutes: 30, phase: 'STEP' as const },
  { baseline: 'previous' as const, minutes: 80, phase: 'RELEASED' as const },
])('a watch ($phase) that is compared with kept samples of $baseline', (given) => {
  it('takes a release back that is worse, and still under its threshold', async () => {
    const { ended } = await play({ ...given, worse: 15 });

    expect(ended).toMatchObject({ status: 'failure', reason: 'worse_than_baseline' });
    expect(ended.events).toMatchObject([
      {
        data: {
          metric: 'error_ratio',
          judgement: {
            comparisons: expect.arrayContaining([
              expect.objectContaining({ metric: 'error_ratio', verdict: 'fail', reason: 'shifted' }),
            ]),
          },
        },
      },
    ]);
  });

  it('lets one pass that is as good', async () => {
    const { ended } = await play(given);

    expect(ended.events).toMatchObject([{ data: { verdict: 'HEALTHY' } }]);
  });

  it('does not judge by too few of them', async () => {
    const { ended } = await play({ ...given, minutes: 5, worse: 15 });

    expect(ended.events).toMatchObject([{ data: { verdict: 'INCONCLUSIVE', reason: 'too_few_points' } }]);
  });
});

const isFull: ServiceStore['keepSample'] = async () => {
  throw new OrchestraError('STORE_UNAVAILABLE', 'full', { retriable: true });
};

describe('the watch over a release', () => {
  it('keeps one sample a minute of what serves, and goes on keeping them when it has ended', async () => {
    const { ended, kept } = await play({ baseline: 'earlier_days', minutes: 0 });

    expect(ended).toMatchObject({ timers: [{ task: 'keep_samples', unit: null, payload: { release: 'r2' } }] });
    expect(kept.map(({ release, at }) => [release, at.slice(11, 16)])).toEqual([
      ['r2', '12:00'],
      ['r2', '12:01'],
    ]);
    expect(kept[0]).toMatchObject({ target: 'acme/shop/production/web', values: { latency_ms: 95 } });
  });

  it('keeps nothing of a step, for what serves is another release', async () => {
    const { kept, ended } = await play({ baseline: 'earlier_days', minutes: 0, phase: 'STEP' });

    expect(kept).toEqual([]);
    expect(ended.timers ?? []).toEqual([]);
  });

  it.each([
    { what: 'where nothing is compared', more: {}, timers: 0 },
    { what: 'where a metrics server knows earlier times', more: { baseline: {}, prometheus: {} }, timers: 0 },
    { what: 'where releases are compared with what serves beside them', more: { baseline: {} }, timers: 1 },
  ])('measures on $what: $timers', async ({ more, timers }) => {
    const clock = createFakeClock(watchBegins);
    const service = createService({ measurements: countingRouter(clock, () => [10, 0]) });
    const watch = aWatch({ phase: 'RELEASED', observability: { ...often, ...more } });

    const { ended } = await receiveUntilEnd(service, watch, clock);

    expect(ended.timers).toHaveLength(timers);
  });

  it('goes on where the store does not keep it', async () => {
    const clock = createFakeClock(watchBegins);
    const watch = aWatch({ phase: 'RELEASED', observability: often });
    const service = createService({ measurements: countingRouter(clock, () => [10, 0]) });

    const { ended } = await receiveUntilEnd(
      service,
      { ...watch, store: { ...watch.store, keepSample: isFull } },
      clock,
    );

    expect(ended).toMatchObject({ status: 'success' });
  });
});

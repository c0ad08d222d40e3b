import { describe, expect, it } from '@jest/globals';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import { sequence } from './judge/sequence.fixture.ts';
import type { MetricsServer, Past } from './ports.ts';
import { createService } from './service.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

interface Asked {
  release: string | null;
  past: Past;
}

/** A metrics server: r2 has values around 100 + `worse`, everything else and every other time around 100. */
function givenServer(worse: number) {
  const pasts: Asked[] = [];
  const values = sequence(3, 1_000, { base: 95, spread: 10 });
  let next = 0;
  const server: MetricsServer = {
    async now(metrics, { release }) {
      next += 1;
      const value = (values[next] ?? 0) + (release === 'r1' ? 0 : worse);
      return { values: Object.fromEntries(metrics.map(({ name }) => [name, value])), problems: [] };
    },
    async past(metrics, { names, past }) {
      pasts.push({ release: names.release, past });
      return Object.fromEntries(metrics.map(({ name }) => [name, values.slice(0, 60)]));
    },
  };
  return { server, pasts };
}

const often = { interval_seconds: 1, step_watch_seconds: 60, release_watch_seconds: 60, max_wait_seconds: 90 };
const ofRelease = [{ name: 'queue', query: 'q{release={{release}}}' }];
const ofAll = [{ name: 'queue', query: 'q' }];
// The usual queries have limits of their own, which are not what is looked at here.
const quiet = ['http_error_ratio', 'http_latency_ms', 'process_restarts'].map((name) => ({ name, query: 'none' }));

async function playWatch(watched: Parameters<typeof aWatch>[0], metricsServer: MetricsServer) {
  const clock = createFakeClock(watchBegins);
  const service = createService({ measurements: { measure: async () => null }, metricsServer });
  return receiveUntilEnd(service, aWatch(watched), clock);
}

describe.each([
  { baseline: 'beside', phase: 'STEP' as const, queries: ofRelease },
  { baseline: 'previous', phase: 'RELEASED' as const, queries: ofRelease },
  { baseline: 'earlier_days', phase: 'RELEASED' as const, queries: ofAll },
])('a watch that is compared with $baseline', ({ baseline, phase, queries }) => {
  const prometheus = { queries: [...queries, ...quiet.map((one) => ({ ...one, query: queries[0]?.query ?? '' }))] };
  const observability = { ...often, prometheus, baseline: { with: baseline } };

  it('takes a release back that is worse', async () => {
    const { server } = givenServer(50);

    const { ended } = await playWatch({ phase, observability }, server);

    expect(ended).toMatchObject({ status: 'failure', reason: 'worse_than_baseline' });
    expect(ended.events).toMatchObject([
      {
        topic: 'observability_alert',
        data: {
          attribution: 'RELEASE',
          judgement: {
            comparisons: expect.arrayContaining([
              expect.objectContaining({ metric: 'queue', verdict: 'fail', reason: 'shifted' }),
            ]),
          },
        },
      },
    ]);
  });

  it('lets one pass that is as good', async () => {
    const { server } = givenServer(0);

    const { ended } = await playWatch({ phase, observability }, server);

    expect(ended.events).toMatchObject([{ data: { verdict: 'HEALTHY' } }]);
  });
});

describe('the values that a watch is compared with', () => {
  it.each([
    { baseline: 'previous', releases: ['r1'], days: [0] },
    { baseline: 'earlier_days', releases: [null, null, null], days: [1, 2, 3] },
  ])('$baseline: are asked for once, of that release and that time', async ({ baseline, releases, days }) => {
    const { server, pasts } = givenServer(0);
    const observability = { ...often, prometheus: { queries: ofAll }, baseline: { with: baseline } };

    await playWatch({ phase: 'RELEASED', observability }, server);

    expect(pasts.map(({ release }) => release)).toEqual(releases);
    const ends = pasts.map(({ past }) => (baseline === 'previous' ? past.to : past.from).getTime());
    expect(ends).toEqual(days.map((day) => watchBegins.getTime() - day * 86_400_000));
  });
});

import { describe, expect, it } from '@jest/globals';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import type { Counters, Pages, Pods } from './ports.ts';
import { createService } from './service.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

type App = NonNullable<Counters['app']>;
type PerSecond = readonly [requests: number, errors: number];

const pods: Pods = { look: async () => ({ wanted: { r1: 0, r2: 0 }, pods: [] }), lastLines: async () => '' };

/** Pods whose app counts so many requests and errors a second, by release, and answers this share of the probes. */
function givenPages(perSecond: Readonly<Record<string, PerSecond>>, failedRatio: number | null = null) {
  return (clock: { now: () => Date }): Pages => ({
    failedRatio: async () => failedRatio,
    async appMetrics({ release, namespace, path }): Promise<App | null> {
      if (namespace !== 'shop' || path !== '/metrics') return null;
      const seconds = (clock.now().getTime() - watchBegins.getTime()) / 1000;
      const [requests, errors] = perSecond[release] ?? [0, 0];
      return { requests: 500 + requests * seconds, errors: 7 + errors * seconds, latency: null };
    },
  });
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('pods "web" is forbidden'));
}

function notAllowed(): Pages {
  return { failedRatio: refuse, appMetrics: refuse };
}

interface More {
  observability?: object;
  metricsPath?: string;
}

async function play(
  pages: (clock: { now: () => Date }) => Pages,
  { observability, metricsPath = '/metrics' }: More = {},
) {
  const clock = createFakeClock(watchBegins);
  const service = createService({ measurements: { measure: async () => null }, pods, pages: pages(clock) });
  const often = { interval_seconds: 5, step_watch_seconds: 60, max_wait_seconds: 60, ...observability };
  const watch = aWatch({ phase: 'STEP', inCluster: true, metricsPath, observability: often });
  return receiveUntilEnd(service, watch, clock);
}

describe('a step on Kubernetes whose app shows metrics of its own', () => {
  it('is healthy when its pods count few errors, without a metrics server', async () => {
    const { ended } = await play(givenPages({ r1: [10, 0], r2: [10, 0.1] }));

    expect(ended.events).toMatchObject([
      {
        data: {
          verdict: 'HEALTHY',
          // The first look is where counting begins.
          samples: 12,
          checks: expect.arrayContaining([
            expect.objectContaining({ metric: 'app_error_ratio', value: expect.closeTo(0.01), baseline: 0 }),
          ]),
        },
      },
    ]);
  });

  it('is a breach when they count many, after three samples', async () => {
    const { ended, attempts } = await play(givenPages({ r1: [10, 0], r2: [10, 3] }));

    expect(attempts).toBe(4);
    expect(ended).toMatchObject({ status: 'failure', reason: 'threshold_breached' });
    expect(ended.events).toMatchObject([{ data: { metric: 'app_error_ratio', value: 0.3, attribution: 'RELEASE' } }]);
  });

  it('is not blamed when the pods beside it count as many', async () => {
    const { ended } = await play(givenPages({ r1: [10, 4], r2: [10, 3] }));

    expect(ended.events).toMatchObject([{ data: { metric: 'app_error_ratio', attribution: 'ELSEWHERE' } }]);
  });

  it('cannot be judged while nobody asks it anything', async () => {
    const { ended } = await play(givenPages({ r1: [10, 0] }));

    expect(ended.events).toMatchObject([{ data: { verdict: 'INCONCLUSIVE', reason: 'no_data', samples: 0 } }]);
  });

  it('F23: cannot be judged where its pages may not be asked for, and says so', async () => {
    const { ended } = await play(notAllowed, { observability: { probes: ['/health'] } });

    expect(ended.events).toMatchObject([
      {
        data: {
          verdict: 'INCONCLUSIVE',
          judgement: {
            problems: expect.arrayContaining([
              'The probes cannot be asked: pods "web" is forbidden',
              '/metrics of the pods cannot be asked: pods "web" is forbidden',
            ]),
          },
        },
      },
    ]);
  });
});

describe('a step on Kubernetes with probes', () => {
  it('is a breach when its pods do not answer them', async () => {
    const { ended } = await play(givenPages({}, 0.5), { observability: { probes: ['/health'] } });

    expect(ended.events).toMatchObject([{ data: { metric: 'probe_failed_ratio', value: 0.5, threshold: 0 } }]);
  });

  it('is no healthy one by probes alone, unless the file says that no traffic is fine', async () => {
    const probes = ['/health'];
    const unclear = await play(givenPages({}, 0), { observability: { probes } });
    const pass = await play(givenPages({}, 0), { observability: { probes, on_no_traffic: 'pass' } });

    expect(unclear.ended.events).toMatchObject([{ data: { verdict: 'INCONCLUSIVE' } }]);
    expect(pass.ended.events).toMatchObject([{ data: { verdict: 'HEALTHY' } }]);
  });
});

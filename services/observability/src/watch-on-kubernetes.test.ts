import { describe, expect, it } from '@jest/globals';
import { createFakeClock, receiveUntilEnd } from '@orchestra/testkit';
import type { MetricsServer, Pods, SeenPod } from './ports.ts';
import { createService } from './service.ts';
import { aWatch, watchBegins } from './watched-events.fixture.ts';

const well: SeenPod = {
  name: 'web-r2-a',
  release: 'r2',
  ready: true,
  restarts: 2,
  over: false,
  trouble: null,
  told: '',
  container: 'web',
};
const looping = {
  ...well,
  ready: false,
  restarts: 4,
  trouble: 'CrashLoopBackOff',
  told: 'CrashLoopBackOff: back-off 10s; web ended with 137 (OOMKilled), restarted 4 times',
};

/** Pods of r2 that change with the seconds since the watch began; those of r1 are well unless told. */
function givenPods(at: (seconds: number) => readonly SeenPod[], beside: readonly SeenPod[] = []) {
  return (clock: { now: () => Date }): Pods => {
    const startedAt = clock.now().getTime();
    return {
      async look() {
        const stable = { ...well, name: 'web-r1-a', release: 'r1' };
        const pods = [...at((clock.now().getTime() - startedAt) / 1000), ...(beside.length === 0 ? [stable] : beside)];
        return { wanted: { r1: 1, r2: 1 }, pods };
      },
      lastLines: async () => 'Error: no memory\n    at main.js:1\n',
    };
  };
}

/** A metrics server that has these values of each release. */
function givenServer(errorRatio: number | null): MetricsServer {
  return {
    now: async (metrics) => ({
      values: Object.fromEntries(metrics.map(({ name }) => [name, name === 'http_error_ratio' ? errorRatio : null])),
      problems: [],
    }),
    past: async () => ({}),
  };
}

interface More {
  observability?: object;
  server?: MetricsServer;
}

async function play(pods: ReturnType<typeof givenPods>, { observability, server }: More = {}) {
  const clock = createFakeClock(watchBegins);
  const asked = server === undefined ? {} : { metricsServer: server };
  const service = createService({ measurements: { measure: async () => null }, pods: pods(clock), ...asked });
  const times = { interval_seconds: 5, step_watch_seconds: 60, max_wait_seconds: 60 };
  const watch = aWatch({ phase: 'STEP', inCluster: true, observability: { ...times, ...observability } });
  const ending = await receiveUntilEnd(service, watch, clock);
  return { ...ending, seconds: (clock.now().getTime() - watchBegins.getTime()) / 1000 };
}

/** Pods that nobody can see. */
function blind(): Pods {
  return { look: () => Promise.reject(new Error('TARGET_UNREACHABLE')), lastLines: async () => '' };
}

describe('a step on Kubernetes', () => {
  it('is a breach when its pods keep ending, with the reason and what they printed last', async () => {
    const { ended, seconds } = await play(givenPods((at) => [at < 10 ? well : looping]));

    expect(seconds).toBe(20);
    expect(ended).toMatchObject({
      status: 'failure',
      message: expect.stringMatching(/unready_pods is 1, over 0.*OOMKilled.*it printed: Error: no memory \| at main/),
      events: [
        {
          topic: 'observability_alert',
          data: {
            attribution: 'RELEASE',
            judgement: { problems: [expect.stringContaining('web-r2-a: CrashLoopBackOff')] },
          },
        },
      ],
      slice: { 'production/web': { judgement: { problems: [expect.stringContaining('no memory')] } } },
    });
  });

  it.each([
    {
      what: 'evicted',
      pods: [well, { ...looping, name: 'b', over: true, trouble: 'Evicted' }],
      metric: 'failing_pods',
    },
    { what: 'not ready', pods: [{ ...well, ready: false }], metric: 'unready_pods' },
    { what: 'restarted', pods: [{ ...well, restarts: 3 }], metric: 'pod_restarts' },
  ])('is a breach when a pod was $what while it was watched', async ({ pods, metric }) => {
    const { ended } = await play(givenPods((at) => (at < 10 ? [well] : pods)));

    expect(ended.events).toMatchObject([{ data: { metric, value: 1, threshold: 0 } }]);
  });

  it('may be restarted as often as the file allows', async () => {
    const { ended } = await play(
      givenPods((at) => [at < 10 ? well : { ...well, restarts: 3 }]),
      { observability: { prometheus: {}, thresholds: { pod_restarts: 1 } }, server: givenServer(0) },
    );

    expect(ended.events).toMatchObject([{ topic: 'deployment_health', data: { verdict: 'HEALTHY' } }]);
  });

  it('does not answer for what pods did before it was watched', async () => {
    const evicted = { ...looping, name: 'old', over: true, trouble: 'Evicted' };

    const { ended } = await play(
      givenPods(() => [well, evicted]),
      { observability: { prometheus: {} }, server: givenServer(0) },
    );

    expect(ended.events).toMatchObject([{ data: { verdict: 'HEALTHY' } }]);
  });

  it('is not blamed when the pods beside it are as bad', async () => {
    const { ended } = await play(givenPods(() => [looping], [{ ...looping, name: 'x', release: 'r1' }]));

    expect(ended.events).toMatchObject([{ data: { attribution: 'ELSEWHERE' } }]);
  });

  it('is judged by its pods and the metrics server together', async () => {
    const good = await play(
      givenPods(() => [well]),
      { observability: { prometheus: {} }, server: givenServer(0.01) },
    );
    const bad = await play(
      givenPods(() => [well]),
      { observability: { prometheus: {} }, server: givenServer(0.3) },
    );

    expect(good.ended.events).toMatchObject([{ data: { verdict: 'HEALTHY', samples: 13 } }]);
    expect(bad.ended.events).toMatchObject([{ data: { metric: 'http_error_ratio', value: 0.3 } }]);
    expect(bad.attempts).toBe(3);
  });

  it('is no healthy one by pods alone, for nobody knows whether it was asked anything, unless the file says so', async () => {
    const unclear = await play(givenPods(() => [well]));
    const pass = await play(
      givenPods(() => [well]),
      { observability: { on_no_traffic: 'pass' } },
    );

    expect(unclear.ended.events).toMatchObject([{ data: { verdict: 'INCONCLUSIVE', reason: 'no_data' } }]);
    expect(pass.ended.events).toMatchObject([{ data: { verdict: 'HEALTHY' } }]);
  });

  it('F23: cannot be judged while nobody sees its pods', async () => {
    const more = { observability: { prometheus: {}, on_no_traffic: 'pass' }, server: givenServer(0) };

    const { ended } = await play(blind, more);

    expect(ended.events).toMatchObject([
      { data: { verdict: 'INCONCLUSIVE', judgement: { problems: [expect.stringContaining('cannot be seen')] } } },
    ]);
  });
});

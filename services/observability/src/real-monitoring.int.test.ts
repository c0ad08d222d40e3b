import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, receive } from '@orchestra/testkit';
import { startPrometheus } from '@orchestra/testkit/neighbours';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';
import { aWatch } from './watched-events.fixture.ts';

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

describe('beside a real Prometheus that looks at a real app', () => {
  it('takes a step back whose errors only the app counts', async () => {
    const { see } = await givenWatchedApp({ r1: 0, r2: 30 });

    const alert = await eventually({ see, until: (events) => events.length > 0, timeoutMs: 60_000 });

    expect(alert).toMatchObject([
      {
        topic: 'observability_alert',
        data: { release: 'r2', attribution: 'RELEASE', metric: 'http_error_ratio', threshold: 0.05 },
      },
    ]);
  });

  it('does not blame a release for what is as bad beside it', async () => {
    const { see } = await givenWatchedApp({ r1: 40, r2: 30 });

    const alert = await eventually({ see, until: (events) => events.length > 0, timeoutMs: 60_000 });

    expect(alert).toMatchObject([{ data: { attribution: 'ELSEWHERE', metric: 'http_error_ratio' } }]);
  });
});

const observability = {
  interval_seconds: 0.5,
  prometheus: { window_seconds: 3, matchers: 'service={{service}},release={{release}}' },
};

/** A canary r2 beside r1 that is watched by Prometheus alone; each look is one call of `see`, as the parked job would. */
async function givenWatchedApp(errorPercent: Readonly<Record<string, number>>) {
  const app = await startApp(errorPercent);
  open.push(app.close);
  const prometheus = await startPrometheus({ target: app.address }, { fresh: true });
  open.push(() => prometheus.stop());
  const service = createService(
    createPorts(settings.parse({ LOCAL_TARGET_DIR: '/nonexistent', PROMETHEUS_URL: prometheus.url })),
  );
  const watch = aWatch({ phase: 'STEP', observability });
  let memo: unknown = null;
  async function see() {
    const result = await receive(service, { ...watch, now: new Date(), job: { memo } });
    if (result?.kind === 'park') memo = result.memo;
    return result?.kind === 'end' ? result.events : [];
  }
  return { see };
}

/** An app of two releases that counts requests faster than anybody could send them. */
async function startApp(errorPercent: Readonly<Record<string, number>>) {
  const startedAt = performance.now();
  const app = createServer((_request, response) => {
    const requests = Math.floor((performance.now() - startedAt) * 10);
    const lines = Object.entries(errorPercent).flatMap(([release, percent]) => {
      const failed = Math.floor((requests * percent) / 100);
      const labels = `service="web",release="${release}"`;
      return [
        `http_requests_total{${labels},code="200"} ${requests - failed}`,
        `http_requests_total{${labels},code="500"} ${failed}`,
      ];
    });
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(`# TYPE http_requests_total counter\n${lines.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => {
    app.listen(0, '127.0.0.1', resolve);
  });
  const bound = app.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      app.closeAllConnections();
      app.close();
    },
  };
}

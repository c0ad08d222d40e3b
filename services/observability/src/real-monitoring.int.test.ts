import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createTarget,
  parsePipelineFile,
  type DeploymentTriggered,
  type Plan,
  type Target,
} from '@orchestra/contracts';
import { apiTokens, digestToken } from '@orchestra/runtime';
import { eventually, receive, startService } from '@orchestra/testkit';
import { startAlertmanager, startPrometheus } from '@orchestra/testkit/neighbours';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

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

describe('beside a real Alertmanager', () => {
  it('takes its alerts by its own webhook', async () => {
    const alertTokens = apiTokens.parse(`alerts:operator:${digestToken('t1')}`);
    const started = await startService(createService({ measurements: { measure: async () => null }, alertTokens }));
    open.push(() => started.close());
    const manager = await startAlertmanager({ url: `${started.url}/alerts/alertmanager`, token: 't1' });
    open.push(() => manager.stop());

    const labels = { alertname: 'CheckoutFails', service: 'nobody-knows-it' };
    const body = JSON.stringify([{ labels, annotations: { summary: 'x' } }]);
    const headers = { 'content-type': 'application/json' };
    const sent = await fetch(`${manager.url}/api/v2/alerts`, { method: 'POST', body, headers });

    expect(sent.status).toBe(200);
    const audit = await eventually({
      see: () => started.backends.store.readAudit(10),
      until: (entries) => entries.length > 0,
    });
    expect(audit).toMatchObject([{ action: 'alert', alert: 'CheckoutFails', reason: 'service_unknown' }]);
  });
});

const file = `
project: {name: shop}
observability:
  interval_seconds: 0.5
  prometheus:
    window_seconds: 3
    matchers: 'service={{service}},release={{release}}'
deployment:
  services: [{name: web, command: node main.js, port: 80}]
`;

/** A canary r2 beside r1 that is watched by Prometheus alone; each look is one call of `see`, as the parked job would. */
async function givenWatchedApp(errorPercent: Readonly<Record<string, number>>) {
  const app = await startApp(errorPercent);
  open.push(app.close);
  const prometheus = await startPrometheus({ target: app.address }, { fresh: true });
  open.push(() => prometheus.stop());
  const service = createService(
    createPorts(settings.parse({ LOCAL_TARGET_DIR: '/nonexistent', PROMETHEUS_URL: prometheus.url })),
  );
  const plan = planOf(file);
  const target = JSON.stringify(judgingTarget());
  const store = { readTarget: async () => ({ key: 'k', version: 1, target }) };
  let memo: unknown = null;
  async function see() {
    const now = new Date();
    const around = { plan, store, now, job: { memo } };
    const result = await receive(service, { topic: 'deployment_triggered', data: step, ...around });
    if (result?.kind === 'park') memo = result.memo;
    return result?.kind === 'end' ? result.events : [];
  }
  return { see };
}

function planOf(text: string): Plan {
  const parsed = parsePipelineFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

const step: DeploymentTriggered = {
  phase: 'STEP',
  outcome: null,
  reason: null,
  environment: 'production',
  service: 'web',
  release: 'r2',
  version: 'sha256:v',
  previousRelease: 'r1',
  epoch: 4,
  strategy: 'CANARY',
  step: 1,
  steps: 2,
  weightPercent: 10,
  url: null,
  causes: [],
  objects: null,
};

function judgingTarget(): Target {
  const artifact = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const version = { version: 'v', commit: 'c', manifest: { ...artifact, metricsPath: null, readyTimeoutMs: 1 } };
  const owner = { runId: 'run-2', generation: 1, sequence: 2, release: 'r2', previous: 'r1', byPerson: false };
  return {
    ...createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' }),
    epoch: 4,
    lane: {
      ...owner,
      ...version,
      state: 'judging',
      strategy: 'canary',
      weights: [10, 100],
      step: 1,
      epoch: 4,
      takenAt: '',
    },
  };
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

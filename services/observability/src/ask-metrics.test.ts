import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile, type Plan } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { askMetrics, askReference } from './ask-metrics.ts';
import type { Watching } from './look.ts';
import type { AskedNames, MetricsServer, Past, Ports } from './ports.ts';
import { servingTarget } from './serving-target.fixture.ts';

const dayMs = 86_400_000;
const queries = [
  { name: 'mine', query: 'q{r={{release}}}', fail_at: 1 },
  { name: 'all', query: 'q' },
];

function planOf(observability: object): Plan {
  const often = { interval_seconds: 1, release_watch_seconds: 60 };
  const deployment = { services: [{ name: 'web', command: 'node main.js', port: 80 }] };
  const file = { project: { name: 'shop' }, deployment, observability: { ...often, ...observability } };
  const parsed = parsePipelineFile(JSON.stringify(file));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

interface AskedPast {
  names: AskedNames;
  past: Past;
  metrics: string[];
}

function givenServer() {
  const pasts: AskedPast[] = [];
  const server: MetricsServer = {
    now: async (metrics, { release }) => ({
      values: Object.fromEntries(metrics.map(({ name }) => [`${name} of ${release ?? 'nothing'}`, 1])),
      problems: [],
    }),
    async past(metrics, { names, past }) {
      pasts.push({ names, past, metrics: metrics.map(({ name }) => name) });
      return Object.fromEntries(metrics.map(({ name }) => [name, [pasts.length]]));
    },
  };
  return { server, pasts };
}

/** A watch over r2, with r1 beside it where that is asked for. */
function watchingOf(observability: object, ports: Partial<Ports>, beside: string | null = null): Watching {
  const plan = planOf(observability);
  const before = servingTarget('run-1').history.map((record) => ({ ...record, release: 'r1' }));
  const history = [...before, ...servingTarget('run-2').history];
  return {
    context: aContext('observability', { plan }),
    ports: { measurements: { measure: async () => null }, ...ports },
    subject: { environment: 'production', service: 'web', release: 'r2', epoch: 7, step: 0 },
    plan,
    target: { ...servingTarget('run-2'), history },
    beside,
    watchMs: 60_000,
  };
}

describe('askMetrics', () => {
  it('asks for nothing where the file wants nothing', async () => {
    const { server } = givenServer();

    expect(await askMetrics(watchingOf({}, { metricsServer: server }))).toEqual({ values: null, problems: [] });
  });

  it('asks of what serves beside it only what names a release', async () => {
    const { server } = givenServer();

    const { values } = await askMetrics(watchingOf({ prometheus: { queries } }, { metricsServer: server }, 'r1'));

    expect(values?.release).toMatchObject({ 'mine of r2': 1, 'all of r2': 1 });
    expect(values?.beside).toEqual({ 'mine of r1': 1 });
  });

  it('F23: has no values, and says why, where the platform knows no metrics server', async () => {
    const { values, problems } = await askMetrics(watchingOf({ prometheus: { queries } }, {}));

    expect(values?.release).toMatchObject({ mine: null, all: null });
    expect(problems.join()).toContain('PROMETHEUS_URL');
  });

  it('asks each process whether the pages of the probes answer', async () => {
    const asked: unknown[] = [];
    const pages = {
      async failedRatio(what: unknown) {
        asked.push(what);
        return 0.5;
      },
      appMetrics: async () => null,
    };

    const { values } = await askMetrics(watchingOf({ probes: ['/health'] }, { pages }));

    expect(values?.release).toEqual({ probe_failed_ratio: 0.5 });
    expect(asked).toEqual([{ target: 'acme/shop/production/web', namespace: null, release: 'r2', paths: ['/health'] }]);
  });
});

describe('askReference', () => {
  const startedAt = Date.parse('2026-01-10T12:00:00Z');

  it('reads what the release before did just before this one', async () => {
    const { server, pasts } = givenServer();
    const file = { prometheus: { queries }, baseline: { with: 'previous' } };

    const reference = await askReference(watchingOf(file, { metricsServer: server }), startedAt);

    expect(pasts).toMatchObject([{ names: { release: 'r1' }, past: { to: new Date(startedAt), stepMs: 1000 } }]);
    expect(reference).toMatchObject({ mine: [1], all: [1] });
  });

  it('reads the same time of earlier days, of queries that name no release', async () => {
    const { server, pasts } = givenServer();
    const file = { prometheus: { queries }, baseline: { with: 'earlier_days', days: 2 } };

    const reference = await askReference(watchingOf(file, { metricsServer: server }), startedAt);

    expect(pasts.map(({ past }) => past.from.getTime())).toEqual([startedAt - dayMs, startedAt - 2 * dayMs]);
    expect(pasts[0]?.metrics).not.toContain('mine');
    expect(reference).toMatchObject({ all: [1, 2] });
  });

  it('reads nothing for a comparison with what serves beside it', async () => {
    const { server, pasts } = givenServer();

    const reference = await askReference(watchingOf({ baseline: {} }, { metricsServer: server }), startedAt);

    expect([reference, pasts]).toEqual([undefined, []]);
  });
});

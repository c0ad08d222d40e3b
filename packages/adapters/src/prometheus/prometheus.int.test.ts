import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSecret } from '@orchestra/runtime';
import { eventually, startHttpFake, type HttpFake } from '@orchestra/testkit';
import { startPrometheus, type Neighbour } from '@orchestra/testkit/neighbours';
import { fillQuery } from './fill-query.ts';
import { createPrometheus, type Prometheus } from './prometheus.ts';

const limits = { token: null, requestMs: 5_000, maxBytes: 1_048_576 };
const at = new Date('2026-01-01T00:00:00Z');

describe('createPrometheus beside a real Prometheus', () => {
  let app: { address: string; close(): void };
  let server: Neighbour;
  let prometheus: Prometheus;

  beforeAll(async () => {
    app = await startApp();
    server = await startPrometheus({ target: app.address }, { fresh: true });
    prometheus = createPrometheus({ ...limits, url: server.url });
  });
  afterAll(async () => {
    await server.stop();
    app.close();
  });

  it('asks for one release by quoted names', async () => {
    const names = { service: 'web', environment: 'production', release: 'r2', windowSeconds: 5 };
    const failed = 'http_requests_total{service={{service}},release={{release}},code="500"}';
    const query = fillQuery(`sum(${failed}) / sum(http_requests_total{release={{release}}})`, names);

    const seen = await eventually({
      see: () => prometheus.query({ query, at: new Date() }),
      until: (value) => value !== null,
    });

    expect(seen).toBe(0.25);
  });

  it('has no value where there is no series, and none where it is no number', async () => {
    expect(await prometheus.query({ query: 'nothing_like_that', at: new Date() })).toBeNull();
    expect(await prometheus.query({ query: 'vector(0) / 0', at: new Date() })).toBeNull();
  });

  it('reads the values of a time', async () => {
    const asked = { query: 'vector(7)', from: at, to: new Date(at.getTime() + 4_000), stepMs: 1_000 };

    const points = await prometheus.range(asked);

    expect(points.map(({ value }) => value)).toEqual([7, 7, 7, 7, 7]);
    expect(points.map((point) => point.at - at.getTime())).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  });

  it.each([
    ['a query that is none', 'sum('],
    ['a query of several series', 'http_requests_total'],
  ])('refuses %s for good', async (_what, query) => {
    await eventually({ see: () => prometheus.query({ query: 'sum(up)', at: new Date() }), until: (up) => up === 1 });

    await expect(prometheus.query({ query, at: new Date() })).rejects.toMatchObject({
      code: 'METRICS_REFUSED',
      retriable: false,
    });
  });
});

describe('createPrometheus beside a server that misbehaves', () => {
  let server: HttpFake;
  const one = { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '5'] }] } };

  beforeAll(async () => {
    server = await startHttpFake(() => ({ status: 200, body: one }));
  });
  afterAll(() => server.close());

  function ask(change: Partial<Parameters<typeof createPrometheus>[0]> = {}): Promise<number | null> {
    return createPrometheus({ ...limits, url: `${server.url}/prometheus/`, ...change }).query({ query: 'up', at });
  }

  it('asks by a form with the token of the setting', async () => {
    expect(await ask({ token: createSecret('t0ken') })).toBe(5);

    const { path, body, headers } = server.seen.at(-1) ?? {};
    expect(path).toBe('/prometheus/api/v1/query');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ query: 'up', time: '1767225600.000' });
    expect(headers?.['authorization']).toBe('Bearer t0ken');
  });

  it('A15: follows no redirect', async () => {
    const before = server.seen.length;
    server.next.push({ status: 302, headers: { location: `${server.url}/elsewhere` } });

    await expect(ask()).rejects.toMatchObject({ code: 'METRICS_UNAVAILABLE', retriable: true });

    expect(server.seen).toHaveLength(before + 1);
  });

  it('A15: hangs up on an answer that is too long', async () => {
    server.next.push({ status: 200, body: 'x'.repeat(2_000) });

    await expect(ask({ maxBytes: 1_000 })).rejects.toMatchObject({ code: 'METRICS_REFUSED' });
  });

  it('F23: waits no longer than the setting says', async () => {
    server.next.push(null);

    await expect(ask({ requestMs: 50 })).rejects.toMatchObject({ code: 'METRICS_UNAVAILABLE', retriable: true });
  });

  it.each([
    { status: 503, code: 'METRICS_UNAVAILABLE' },
    { status: 401, code: 'METRICS_REFUSED' },
  ])('calls $status $code', async ({ status, code }) => {
    server.next.push({ status, body: 'no' });

    await expect(ask()).rejects.toMatchObject({ code });
  });

  it('stops asking when the caller does', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));

    const asked = createPrometheus({ ...limits, url: server.url }).query({ query: 'up', at }, stopped);

    await expect(asked).rejects.toThrow('stopped');
  });
});

async function startApp(): Promise<{ address: string; close(): void }> {
  const app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      [
        '# TYPE http_requests_total counter',
        'http_requests_total{service="web",release="r2",code="200"} 30',
        'http_requests_total{service="web",release="r2",code="500"} 10',
        'http_requests_total{service="web",release="r1",code="200"} 90',
        '',
      ].join('\n'),
    );
  });
  await new Promise<void>((resolve) => {
    app.listen(0, '127.0.0.1', resolve);
  });
  const bound = app.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: `127.0.0.1:${port}`, close: () => app.close() };
}

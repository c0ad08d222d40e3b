import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClaimedJob } from '../ports/jobs.ts';
import { startTracing } from './start-tracing.ts';
import { inSpan, traceparentOf } from './tracing.ts';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

const spans: Span[] = [];
let collector: Server;

beforeAll(async () => {
  collector = createServer((request, response) => {
    void text(request).then((body) => {
      spans.push(...readSpans(body));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  const port = typeof address === 'object' ? address?.port : null;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
  process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';
  process.env['OTEL_METRICS_EXPORTER'] = 'none';
  process.env['OTEL_LOGS_EXPORTER'] = 'none';
});

afterAll(() => {
  collector.close();
});

describe('traces', () => {
  it('lead one run through its services in one trace, each span under the one that caused it', async () => {
    const stop = await startTracing('test', process.env);
    const runId = randomUUID();
    let handedOn: string | null = null;

    await inSpan({ service: 'build', job: aJob(runId, null) }, async () => {
      handedOn = traceparentOf(aJob(runId, null));
      return 'finished';
    });
    await inSpan({ service: 'test', job: aJob(runId, handedOn) }, async () => 'finished');
    await stop();

    const trace = runId.replaceAll('-', '');
    expect(spans).toMatchObject([
      { name: 'build code_push', traceId: trace },
      { name: 'test code_push', traceId: trace },
    ]);
    expect(spans[1]?.parentSpanId).toBe(spans[0]?.spanId);
  });
});

function readSpans(body: string): Span[] {
  const { resourceSpans }: { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] } = JSON.parse(body);
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}

function aJob(runId: string, traceparent: string | null): ClaimedJob {
  return {
    jobId: randomUUID(),
    service: 'build',
    token: 1,
    runId,
    generation: 1,
    unit: 'build',
    handler: 'code_push',
    payload: '{}',
    cause: 'e1',
    causes: ['e1'],
    hops: 1,
    attempt: 1,
    maxAttempts: 1,
    maxMs: 1000,
    stalls: 0,
    parks: 0,
    bound: true,
    traceparent,
    gate: null,
    wishes: [],
    memo: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

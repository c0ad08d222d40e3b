import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { freePort } from '@orchestra/cli';

/** A span as OpenTelemetry's collector gets it. */
export interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: readonly { key: string; value: { stringValue?: string } }[];
}

export interface Collector extends AsyncDisposable {
  /** What a platform has to be told to send its spans here. */
  environment: Readonly<Record<string, string>>;
  /** All spans that came so far. */
  spans(): readonly Span[];
}

/** Starts a local stand-in for OpenTelemetry's collector, which takes spans as JSON. */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.url === '/v1/traces') spans.push(...readSpans(body.toString('utf8')));
      response.end('{}');
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    spans: () => spans,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function readSpans(body: string): Span[] {
  const { resourceSpans }: { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] } = JSON.parse(body);
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}

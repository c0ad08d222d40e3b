import { text } from 'node:stream/consumers';
import { startServer } from './start-server.ts';

/** A server that answers as a Prometheus does. */
export interface MetricsServer {
  url: string;
  /**
   * What it says of a release, as `web r2`: the share of its requests that fail; null: it had none. One that is not named
   * is well.
   */
  errors: Map<string, number | null>;
  close(): Promise<void>;
}

/** Starts a server that knows one metric: the share of errors of the release of a service that a query names. */
export async function startMetricsServer(): Promise<MetricsServer> {
  const errors: MetricsServer['errors'] = new Map();
  const server = await startServer((request, response) => {
    void text(request).then((form) => {
      const query = new URLSearchParams(form).get('query') ?? '';
      const [, service = '', release = ''] = /service="([^"]+)",release="([^"]+)"/.exec(query) ?? [];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(replyOf(errors.get(`${service} ${release}`))));
    });
  });
  return { ...server, errors };
}

function replyOf(ratio: number | null | undefined): object {
  const result = ratio === null ? [] : [{ metric: {}, value: [Date.now() / 1000, String(ratio ?? 0)] }];
  return { status: 'success', data: { resultType: 'vector', result } };
}

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ServiceName } from '@orchestra/contracts';

export interface Front {
  url: string;
  close(): Promise<void>;
}

interface ServeFront {
  host: string;
  port: number;
  /** Where a service listens now. */
  portOf(service: ServiceName): number;
}

/** One address for people and forges: webhooks and triggers go to gitops, everything else to chatops. */
export async function serveFront({ host, port, portOf }: ServeFront): Promise<Front> {
  const server = createServer((incoming, answer) => {
    const service: ServiceName = isForGitops(incoming.url ?? '/') ? 'gitops' : 'chatops';
    forward(incoming, answer, portOf(service));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('The front does not listen on a port');
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${bound.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isForGitops(url: string): boolean {
  return url.startsWith('/webhooks/') || url === '/trigger' || url.startsWith('/trigger?');
}

function forward(incoming: IncomingMessage, answer: ServerResponse, port: number): void {
  const { method, url: path, headers } = incoming;
  const call = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  call.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end(unavailable);
  });
  answer.on('close', () => call.destroy());
  incoming.pipe(call);
}

const unavailable = JSON.stringify({ code: 'SERVER_UNREACHABLE', message: 'The service is starting' });

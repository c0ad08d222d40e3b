import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A request as a fake saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** What a fake answers; null: it never does. */
export type FakeAnswer = { status: number; headers?: Record<string, string>; body?: unknown } | null;

export interface HttpFake {
  /** Base URL without a trailing slash. */
  url: string;
  seen: SeenRequest[];
  /** Answers given instead of the usual ones, in this order. */
  next: FakeAnswer[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that misbehaves on command. */
export async function startHttpFake(answer: (request: SeenRequest) => FakeAnswer): Promise<HttpFake> {
  const seen: SeenRequest[] = [];
  const next: FakeAnswer[] = [];
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, seen, next, close };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body: await readBody(request) };
    seen.push(one);
    const answered = next.length > 0 ? (next.shift() ?? null) : answer(one);
    if (answered === null) return;
    response.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers });
    response.end(JSON.stringify(answered.body ?? {}));
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

import {
  Agent,
  request as sendRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** One process that a request may be sent to. */
export interface Destination {
  port: number;
  agent: Agent;
}

/** `retry`: nothing of the request reached the process, or repeating it changes nothing; somebody else may answer. */
export type Forwarded = { kind: 'answered' | 'failed' | 'left'; status: number } | { kind: 'retry' };

export interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  destination: Destination;
  release: string;
  onHead(): void;
  onBytes(bytes: number): void;
}

const answerTimeoutMs = 60_000;
const freshConnections = new Agent({ keepAlive: false });
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Sends a request to one process and its answer back, both as streams.
 *
 * A request without a body and without effect may be repeated until the answer begins; it takes kept connections. Any other
 * one takes a fresh connection, so that "not connected" is certain to mean "nothing was sent".
 */
export async function forward(exchange: Exchange): Promise<Forwarded> {
  const { incoming, outgoing, destination } = exchange;
  const mayRepeat = repeatable.has(incoming.method ?? '') && !hasBody(incoming);
  return new Promise((resolve) => {
    let connected = false;
    let answered = false;
    const request = sendRequest({
      host: '127.0.0.1',
      port: destination.port,
      method: incoming.method,
      path: incoming.url,
      headers: requestHeaders(incoming),
      agent: mayRepeat ? destination.agent : freshConnections,
      timeout: answerTimeoutMs,
    });
    const leave = (): void => void request.destroy();
    outgoing.once('close', leave);

    request.once('response', (response) => {
      answered = true;
      exchange.onHead();
      void sendBack(response, exchange).then((kind) => {
        outgoing.off('close', leave);
        resolve({ kind, status: response.statusCode ?? 502 });
      });
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', () => {
      if (answered) return;
      outgoing.off('close', leave);
      if (outgoing.destroyed) return resolve({ kind: 'left', status: 499 });
      resolve(mayRepeat || !connected ? { kind: 'retry' } : { kind: 'failed', status: 502 });
    });
    if (mayRepeat) return void request.end();
    whenConnected(request, () => {
      connected = true;
      incoming.on('data', (chunk: Buffer) => exchange.onBytes(chunk.length));
      incoming.pipe(request);
    });
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

// The body waits for the connection: until then nothing is lost that somebody else would need.
function whenConnected(request: ClientRequest, send: () => void): void {
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', send);
    else send();
  });
  request.flushHeaders();
}

async function sendBack(
  response: IncomingMessage,
  { outgoing, release, onBytes }: Exchange,
): Promise<'answered' | 'failed'> {
  outgoing.writeHead(response.statusCode ?? 502, { ...withoutHops(response.headers), 'x-orchestra-release': release });
  response.on('data', (chunk: Buffer) => onBytes(chunk.length));
  response.pipe(outgoing);
  return new Promise((resolve) => {
    response.once('error', () => {
      // Half an answer must not look like a whole one.
      outgoing.destroy();
      resolve('failed');
    });
    outgoing.once('close', () => resolve(response.complete || outgoing.writableFinished ? 'answered' : 'failed'));
  });
}

// RFC 9110, section 7.6.1: these belong to one connection, not to the exchange.
const hops = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function requestHeaders(incoming: IncomingMessage): OutgoingHttpHeaders {
  const { headers, socket } = incoming;
  const before = headers['x-forwarded-for'];
  const client = socket.remoteAddress ?? '';
  const via = typeof before === 'string' && before !== '' ? `${before}, ${client}` : client;
  const chunked = headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
  return { ...withoutHops(headers), ...chunked, 'x-forwarded-for': via, 'x-forwarded-proto': 'http' };
}

function withoutHops(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hops.has(name) && !named.has(name)));
}

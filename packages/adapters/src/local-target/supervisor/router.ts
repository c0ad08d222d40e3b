import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chooseReplica, type Candidate } from './choose-replica.ts';
import { forward, type Destination } from './forward.ts';
import { countLatency, type RequestMetrics } from './request-metrics.ts';

/** A process that takes requests. */
export interface RoutedReplica extends Destination {
  inFlight: number;
}

/** A release as the router sees it: its share, who is ready, where its requests are counted. */
export interface Route extends Candidate<RoutedReplica> {
  release: string;
  metrics: RequestMetrics;
}

const maxTries = 4;

/**
 * The front door of one target: gives each request to a release by weight. What a dying process did not answer is given to
 * another one, so a release can go while requests come.
 */
export function createRouter(routes: () => readonly Route[]): Server {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, routes));
  // Longer than what users' proxies keep open: the end that waits longer is never surprised by a closed connection.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 80_000;
  server.requestTimeout = 0;
  return server;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  routes: () => readonly Route[],
): Promise<void> {
  incoming.on('error', () => outgoing.destroy());
  outgoing.on('error', () => outgoing.destroy());
  const tried = new Set<RoutedReplica>();
  for (let tries = 0; tries < maxTries; tries += 1) {
    const chosen = chooseReplica(untried(routes(), tried), Math.random());
    if (chosen === null) break;
    tried.add(chosen.replica);
    if (await attempt({ incoming, outgoing, route: chosen.candidate, replica: chosen.replica })) return;
  }
  refuse(outgoing, tried.size === 0 ? 503 : 502);
}

// When everybody was tried, everybody may be tried again: a process that was just starting may be there now.
function untried(routes: readonly Route[], tried: ReadonlySet<RoutedReplica>): readonly Route[] {
  const left = routes.map((route) => ({ ...route, replicas: route.replicas.filter((replica) => !tried.has(replica)) }));
  return left.some(({ weight, replicas }) => weight > 0 && replicas.length > 0) ? left : routes;
}

interface Attempt {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  route: Route;
  replica: RoutedReplica;
}

/** One try. False: nothing was answered and somebody else may be asked. */
async function attempt({ incoming, outgoing, route, replica }: Attempt): Promise<boolean> {
  const { metrics, release } = route;
  const startedAt = performance.now();
  metrics.requests += 1;
  metrics.inFlight += 1;
  replica.inFlight += 1;
  const result = await forward({
    incoming,
    outgoing,
    destination: replica,
    release,
    onHead: () => countLatency(metrics, performance.now() - startedAt),
    onBytes: (bytes) => {
      metrics.networkBytes += bytes;
    },
  });
  metrics.inFlight -= 1;
  replica.inFlight -= 1;
  if (result.kind === 'left') return true;
  if (result.kind === 'retry' || result.kind === 'failed' || result.status >= 500) metrics.errors += 1;
  if (result.kind === 'failed') refuse(outgoing, result.status);
  return result.kind !== 'retry';
}

function refuse(outgoing: ServerResponse, status: number): void {
  if (outgoing.destroyed || outgoing.writableEnded) return;
  if (outgoing.headersSent) return void outgoing.destroy();
  const text = status === 503 ? 'No release is ready\n' : 'The release did not answer\n';
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' }).end(text);
}

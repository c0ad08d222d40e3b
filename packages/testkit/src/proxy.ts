import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What a proxy does with bytes. `pass`: hands them on · `swallow_answers`: the server hears everything, the client gets
 * nothing · `half_open`: nothing passes either way, and nobody is told · `refuse`: new connections are reset.
 */
export type ProxyMode = 'pass' | 'swallow_answers' | 'half_open' | 'refuse';

/** A TCP proxy that misbehaves on command, in front of one server. */
export interface TcpProxy {
  /** `host:port` for clients. */
  readonly address: string;
  readonly port: number;
  /** Where the bytes of connections go that are made from now on, as `host:port`. */
  forwardTo(address: string): void;
  /**
   * Holds for open and new connections. Back at `pass`, a connection that lost bytes is reset: the rest of its stream
   * would make no sense.
   */
  behave(mode: ProxyMode): void;
  /** Holds every chunk back for so long, in both directions, from now on. */
  delay(ms: number): void;
  /** Ends all connections as a server does that shuts down. */
  drop(): void;
  /** Breaks all connections off, so that both ends get an error. */
  reset(): void;
  connections(): number;
  /** Chunks of answers that were swallowed so far. */
  swallowed(): number;
  close(): Promise<void>;
}

/** What holds for all connections of a proxy. */
interface Manners {
  mode: ProxyMode;
  to: string;
  delayMs: number;
  swallowed: number;
}

/** Starts a proxy on a free port of 127.0.0.1. `port`: that one, for a server that has to know its own address before. */
export async function startTcpProxy({ target = '', port = 0 } = {}): Promise<TcpProxy> {
  const manners: Manners = { mode: 'pass', to: target, delayMs: 0, swallowed: 0 };
  const pairs = new Set<Pair>();
  const server = createServer((client) => take(client, manners, pairs));
  const bound = await listen(server, port);
  const reset = (concerned: (pair: Pair) => boolean): void => {
    for (const pair of pairs) if (concerned(pair)) pair.breakOff();
  };

  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    forwardTo: (address) => {
      manners.to = address;
    },
    behave: (mode) => {
      manners.mode = mode;
      if (mode === 'pass') reset((pair) => pair.torn);
    },
    delay: (ms) => {
      manners.delayMs = ms;
    },
    drop: () => {
      for (const { client, server: far } of pairs) for (const socket of [client, far]) socket.end();
    },
    reset: () => reset(() => true),
    connections: () => pairs.size,
    swallowed: () => manners.swallowed,
    close: async () => {
      reset(() => true);
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return address.port;
}

interface Pair {
  client: Socket;
  server: Socket;
  /** Some of its bytes were thrown away. */
  torn: boolean;
  breakOff(): void;
}

function take(client: Socket, manners: Manners, pairs: Set<Pair>): void {
  if (manners.mode === 'refuse') {
    client.resetAndDestroy();
    return;
  }
  const [host = '', port = ''] = manners.to.split(':');
  const server = connect(Number(port), host);
  const both = [client, server];
  const pair = { client, server, torn: false, breakOff };
  pairs.add(pair);
  for (const socket of both) {
    socket.setNoDelay(true);
    // An error is followed by the close.
    socket.on('error', () => {});
    socket.once('close', (broken) => (broken ? breakOff() : finish()));
  }
  handOn({ pair, manners, from: client, into: server });
  handOn({ pair, manners, from: server, into: client });

  // What is under way to the other end still arrives.
  function finish(): void {
    pairs.delete(pair);
    for (const socket of both) socket.end();
  }

  function breakOff(): void {
    if (!pairs.delete(pair)) return;
    for (const socket of both) socket.resetAndDestroy();
  }
}

interface HandOn {
  pair: Pair;
  manners: Manners;
  from: Socket;
  into: Socket;
}

function handOn({ pair, manners, from, into }: HandOn): void {
  const isAnswer = from === pair.server;
  from.once('end', () => into.end());
  from.on('data', (chunk) => {
    if (manners.mode === 'half_open' || (manners.mode === 'swallow_answers' && isAnswer)) {
      pair.torn = true;
      manners.swallowed += 1;
    } else if (manners.delayMs === 0) into.write(chunk);
    else setTimeout(() => into.writable && into.write(chunk), manners.delayMs);
  });
}

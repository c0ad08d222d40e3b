// The package brings no types: these are of what is used here.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Request {
    method: 'POST';
    path: string;
    /** Called before each request; gives what is sent. */
    setupRequest(request: Request): Request;
    body?: Buffer;
    headers?: Record<string, string>;
  }

  interface Options {
    url: string;
    connections: number;
    /** Seconds. */
    duration?: number;
    /** Requests in all; instead of `duration`. */
    amount?: number;
    /** Requests a second in all. */
    overallRate?: number;
    /** Seconds until a request counts as an error. */
    timeout?: number;
    requests: Request[];
  }

  interface Result {
    '2xx': number;
    non2xx: number;
    errors: number;
    timeouts: number;
    /** By status, as text. */
    statusCodeStats: Readonly<Record<string, { count: number }>>;
    /** Seconds. */
    duration: number;
    /** Milliseconds. */
    latency: { p50: number; p99: number; max: number };
  }

  /** Emits `response` (client, status, bytes, milliseconds) for each answer. */
  type Instance = EventEmitter & PromiseLike<Result>;

  export default function autocannon(options: Options): Instance;
}

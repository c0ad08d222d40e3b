import { createServer, type Server } from 'node:http';
import { OrchestraError } from '@orchestra/contracts';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import type { Log } from '../service/context.ts';

export interface Listening {
  /** Base URL without a trailing slash. */
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface Listen {
  routers: readonly Router[];
  host: string;
  /** 0: any free one. */
  port: number;
  log: Log;
}

/** Serves routers over HTTP with limits on headers and requests, and errors of one shape. */
export async function listen({ routers, host, port, log }: Listen): Promise<Listening> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, createApp(routers, log));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const bound = boundPort(server);
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${bound}`,
    port: bound,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Event streams never end by themselves.
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
    },
  };
}

/** What answers requests behind `listen`: routers, and errors of one shape. A simulation gives it requests without a network. */
export function createApp(routers: readonly Router[], log: Log): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const router of routers) app.use(router);
  app.use((_request, response) => {
    response.status(404).json({ code: 'NOT_FOUND', message: 'No such page' });
  });
  app.use(answerError);
  return app;

  // oxlint-disable-next-line max-params -- Express tells an error handler from others by its four parameters
  function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
    if (response.headersSent) return next(error);
    const { status, code, message } = describe(error);
    if (status >= 500) log.error({ err: error, path: request.path }, 'request failed');
    response.status(status).json({ code, message });
  }
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server does not listen on a port');
  return address.port;
}

const statuses: Partial<Record<OrchestraError['code'], number>> = {
  REQUEST_INVALID: 400,
  NOT_AUTHORIZED: 401,
  NOT_PERMITTED: 403,
  NOT_FOUND: 404,
  RUN_UNKNOWN: 404,
  REPOSITORY_NOT_ALLOWED: 403,
  OVERLOADED: 503,
  STORE_UNAVAILABLE: 503,
  STORE_NOT_INITIALIZED: 503,
  BUS_UNAVAILABLE: 503,
};

function describe(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof OrchestraError) {
    return { status: statuses[error.code] ?? 500, code: error.code, message: error.message };
  }
  const status = bodyParserStatus(error);
  if (status !== null) return { status, code: 'REQUEST_INVALID', message: 'The request body was refused' };
  return { status: 500, code: 'INTERNAL', message: 'Something went wrong on our side; the log has the details' };
}

// Express' body parsers put the status that they mean on the error.
function bodyParserStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

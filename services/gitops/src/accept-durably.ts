import type { RequestHandler } from 'express';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';

type Answering = (...parameters: Parameters<RequestHandler>) => Promise<void>;

/**
 * A route that promises to keep what it accepts: 503 with `Retry-After` before anything is read while nothing can be kept,
 * and also when the store fails in the middle.
 */
export function acceptDurably({ ready }: Pick<ServiceContext, 'ready'>, answer: Answering): RequestHandler {
  return async (request, response, next) => {
    if (!ready().ready) {
      response.set('retry-after', retryAfterSeconds).set('connection', 'close');
      response.status(503).json({ code: 'STORE_UNAVAILABLE', message: 'Nothing can be accepted right now' });
      return;
    }
    try {
      await answer(request, response, next);
    } catch (error) {
      if (error instanceof OrchestraError && error.retriable) response.set('retry-after', retryAfterSeconds);
      // The rest of a body that was refused is not read: an endless one would keep the connection.
      response.set('connection', 'close');
      throw error;
    }
  };
}

const retryAfterSeconds = '5';

/** Runs a body parser of express as a step: rejects with the status that it asks for. */
export async function readBody(parser: RequestHandler, [request, response]: Parameters<RequestHandler>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    void parser(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('The body parser gave up', { cause: error }));
    });
  });
}

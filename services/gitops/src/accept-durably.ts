import type { Request, RequestHandler, Response } from 'express';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import { cutOff } from './read-body.ts';

type Answering = (request: Request, response: Response) => Promise<void>;

/**
 * A route that promises to keep what it accepts: 503 with `Retry-After` before anything is read while nothing can be kept,
 * and also when the store fails in the middle.
 */
export function acceptDurably({ ready }: Pick<ServiceContext, 'ready'>, answer: Answering): RequestHandler {
  return async (request, response) => {
    if (!ready().ready) {
      cutOff(request);
      response.status(503).set('retry-after', retryAfterSeconds);
      response.json({ code: 'STORE_UNAVAILABLE', message: 'Nothing can be accepted right now' });
      return;
    }
    try {
      await answer(request, response);
    } catch (error) {
      if (error instanceof OrchestraError && error.retriable) response.set('retry-after', retryAfterSeconds);
      throw error;
    }
  };
}

const retryAfterSeconds = '5';

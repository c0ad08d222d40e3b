import type { Request, RequestHandler, Response } from 'express';
import { OrchestraError, type ServiceContext } from '@orchestra/runtime';
import type { AcceptRoom, Place } from './accept-room.ts';
import { cutOff } from './read-body.ts';

type Answering = (request: Request, response: Response, place: Place) => Promise<void>;

/**
 * A route that promises to keep what it accepts: 503 with `Retry-After` before anything is read while nothing can be kept
 * or too much is being accepted, and also when the store fails in the middle.
 */
export function acceptDurably(
  { ready }: Pick<ServiceContext, 'ready'>,
  room: AcceptRoom,
  answer: Answering,
): RequestHandler {
  return async (request, response) => {
    if (!ready().ready) return turnAway(request, response, unready);
    const place = room.enter();
    if (place === null) return turnAway(request, response, full);
    try {
      await answer(request, response, place);
    } catch (error) {
      // A burst would fill the log as well.
      if (error instanceof OrchestraError && error.code === 'OVERLOADED') return turnAway(request, response, full);
      if (error instanceof OrchestraError && error.retriable) response.set('retry-after', retryAfterSeconds);
      throw error;
    } finally {
      place.leave();
    }
  };
}

const retryAfterSeconds = '5';
const unready = { code: 'STORE_UNAVAILABLE', message: 'Nothing can be accepted right now' };
const full = { code: 'OVERLOADED', message: 'Too much is being accepted right now' };

function turnAway(request: Request, response: Response, why: typeof unready): void {
  cutOff(request);
  response.status(503).set('retry-after', retryAfterSeconds).json(why);
}

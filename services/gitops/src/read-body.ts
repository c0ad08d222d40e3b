import type { IncomingMessage } from 'node:http';
import { OrchestraError } from '@orchestra/runtime';
import type { Place } from './accept-room.ts';

/**
 * Reads a body as it came, and refuses a long or compressed one, or one that there is no room for, before it is buffered.
 * Not by express' parsers: those read a body that they refuse to its end before they say so, and an endless one has none.
 *
 * @throws Error with `status` 413, 415 or 400, which the HTTP side answers
 * @throws OrchestraError `OVERLOADED`, retriable
 */
export async function readBody(request: IncomingMessage, maxBytes: number, place: Place): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (encoding !== 'identity') throw refuse(request, { status: 415, message: 'A compressed body is not read' });
  const declared = length === undefined ? 0 : Number(length);
  if (declared > maxBytes) throw refuse(request, tooLong);
  if (!place.take(declared)) throw overloaded();

  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise<Buffer>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(refuse(request, tooLong));
      // What a body says of its length has its room already.
      else if (length === undefined && !place.take(chunk.length)) reject(overloaded());
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(withStatus({ status: 400, message: 'The body did not come to its end' })));
  });
}

/**
 * Lets the sender hear the answer, and then hangs up on what is still coming. A body that ends in time costs nobody the
 * connection, which may carry the next request already.
 */
export function cutOff(request: IncomingMessage): void {
  const hangUp = setTimeout(() => request.socket.destroy(), hearingMs).unref();
  request.once('close', () => clearTimeout(hangUp));
  request.removeAllListeners('data');
  request.resume();
}

const hearingMs = 1000;
const tooLong = { status: 413, message: 'The body is too long' };

interface Refusal {
  status: number;
  message: string;
}

function refuse(request: IncomingMessage, refusal: Refusal): Error {
  cutOff(request);
  return withStatus(refusal);
}

function overloaded(): OrchestraError {
  return new OrchestraError('OVERLOADED', 'Too much is being accepted right now', { retriable: true });
}

function withStatus({ status, message }: Refusal): Error {
  return Object.assign(new Error(message), { status });
}

import type { IncomingMessage } from 'node:http';

/**
 * Reads a body as it came, and refuses a long or compressed one before it is buffered. Not by express' parsers: those
 * read a body that they refuse to its end before they say so, and an endless one has none.
 *
 * @throws Error with `status` 413, 415 or 400, which the HTTP side answers
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers;
  if (encoding !== 'identity') throw refuse(request, { status: 415, message: 'A compressed body is not read' });
  if (length !== undefined && Number(length) > maxBytes) throw refuse(request, tooLong);

  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise<Buffer>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else reject(refuse(request, tooLong));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(withStatus({ status: 400, message: 'The body did not come to its end' })));
  });
}

/** Lets the sender hear the answer, and then hangs up on whatever is still coming. */
export function cutOff(request: IncomingMessage): void {
  request.removeAllListeners('data');
  request.resume();
  setTimeout(() => request.socket.destroy(), hearingMs).unref();
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

function withStatus({ status, message }: Refusal): Error {
  return Object.assign(new Error(message), { status });
}

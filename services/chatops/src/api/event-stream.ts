import type { Response } from 'express';

export interface EventStream {
  /** False: the reader is gone or far too slow. */
  send(message: { id: string; event: string; data: unknown }): boolean;
  end(): void;
  /** Aborts when the reader is gone. */
  closed: AbortSignal;
}

const commentEveryMs = 15_000;
// A reader that is so far behind is not reading any more.
const waitingAtMostBytes = 4_194_304;

/**
 * Opens a stream of server-sent events. A comment each 15 seconds keeps proxies from closing it.
 *
 * @see WHATWG HTML, "Server-sent events"
 */
export function openEventStream(response: Response): EventStream {
  const gone = new AbortController();
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  const timer = setInterval(() => response.write(': still here\n\n'), commentEveryMs);
  response.on('close', () => {
    clearInterval(timer);
    gone.abort();
  });

  return {
    closed: gone.signal,
    send({ id, event, data }) {
      if (gone.signal.aborted) return false;
      // JSON has no line breaks of its own, so one line of data is enough.
      response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (response.writableLength <= waitingAtMostBytes) return true;
      response.destroy();
      return false;
    },
    end() {
      response.end();
    },
  };
}

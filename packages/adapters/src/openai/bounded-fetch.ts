import { OrchestraError } from '@orchestra/runtime';

/**
 * A `fetch` that reads the whole body before it answers, so that the caller's time limit holds for the body too, and that
 * hangs up on one that is too long. It follows no redirect: what is sent is for one server.
 *
 * @throws OrchestraError `MODEL_REFUSED`, not retriable, beyond `maxBytes` after decompression
 */
export function createBoundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error' });
    const chunks: Uint8Array[] = [];
    let size = 0;
    // Leaving the loop cancels the body, and with it the connection.
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new OrchestraError('MODEL_REFUSED', `The model answered with over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    const { status, headers } = response;
    const body = size === 0 ? null : Buffer.concat(chunks);
    return new Response(body, { status, headers: withoutEncoding(headers) });
  };
}

// The bytes are decompressed already.
function withoutEncoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  kept.delete('content-encoding');
  kept.delete('content-length');
  return kept;
}

import { OrchestraError } from '@orchestra/runtime';

/**
 * Reads an answer, and hangs up on one that is too long.
 *
 * @throws OrchestraError `METRICS_REFUSED`, not retriable, beyond `maxBytes` after decompression
 */
export async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the body, and with it the connection.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new OrchestraError('METRICS_REFUSED', `Prometheus answered with over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

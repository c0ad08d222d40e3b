const timeoutMs = 3_000;
const maxBytes = 4 * 1024 ** 2;

/** Reads a page of a process on the loopback. Null: it did not answer below 400, not in time, or with too much. Follows no redirect. */
export async function readPage({ port, path }: { port: number; path: string }): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal, redirect: 'manual' });
    return response.status < 400 ? await readText(response) : null;
  } catch {
    return null;
  }
}

async function readText({ body }: Response): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

import type { RequestContext } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

/** A page of a pod: the part of the API that leads to it, and the path behind. */
export interface PodPage {
  namespace: string;
  pod: string;
  port: number;
  /** With its leading slash, perhaps with a query. */
  path: string;
}

const maxBytes = 4 * 1024 ** 2;

/** The path of a page in the API; null: it would lead to another part of the API than to the pod. */
export function pathOfPage({ namespace, pod, port, path }: PodPage): string | null {
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}:${port}/proxy`;
  return climbs(path) ? null : `${base}${path}`;
}

// The pipeline file names the path, and it is asked with our rights.
function climbs(path: string): boolean {
  if (!path.startsWith('/')) return true;
  const [bare = ''] = path.split(/[?#]/);
  try {
    return decodeURIComponent(decodeURIComponent(bare))
      .split(/[/\\]/)
      .some((part) => part === '..' || part === '.');
  } catch {
    return true;
  }
}

/** A signed request for a path of `pathOfPage`. */
export interface SignedPage {
  request: RequestContext;
  path: string;
}

/**
 * Reads a page of a pod through the API server. Follows no redirect and asks once.
 *
 * @returns null: the app did not answer below 400, not in time, or with more than 4 MiB
 * @throws OrchestraError `TARGET_DENIED`, not retriable, when the API server does not let us; `TARGET_UNREACHABLE`, retriable,
 *   when it does not answer, or not for the pod
 */
export async function askPage(
  page: SignedPage,
  { requestMs, signal }: { requestMs: number; signal?: AbortSignal | undefined },
): Promise<string | null> {
  const limit = AbortSignal.timeout(requestMs);
  try {
    const { status, body } = await send(page, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    const text = await readText(body);
    if (status >= 400) refuseOurs(status, text ?? '');
    return status < 400 ? text : null;
  } catch (cause) {
    signal?.throwIfAborted();
    // The API answered a moment ago: what hangs is the app.
    if (limit.aborted) return null;
    if (cause instanceof OrchestraError) throw cause;
    throw new OrchestraError('TARGET_UNREACHABLE', 'The Kubernetes API does not answer', { retriable: true, cause });
  }
}

interface Reply {
  status: number;
  body: AsyncIterable<Uint8Array> | null;
}

// Not as the client does it, which follows redirects and reads what comes to its end.
async function send({ request, path }: SignedPage, signal: AbortSignal): Promise<Reply> {
  const [url, headers] = [urlOf({ request, path }), request.getHeaders()];
  const connections = request.getDispatcher();
  if (connections === undefined) return fetch(url, { headers, signal, redirect: 'manual' });
  const { origin, pathname, search } = new URL(url);
  const asked = { origin, path: `${pathname}${search}`, method: 'GET', headers, signal } as const;
  const { statusCode: status, body } = await connections.request(asked);
  return { status, body };
}

// The client leaves a slash at the end out, and the API server answers the root of an app without it with a redirect.
function urlOf({ request, path }: SignedPage): string {
  return path.endsWith('/') ? `${request.getUrl()}/` : request.getUrl();
}

async function readText(body: Reply['body']): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const status = z.object({ kind: z.literal('Status'), apiVersion: z.literal('v1'), message: z.string().default('') });

// What the API server says by itself, and not the app: only that the app cannot be reached is the app's.
function refuseOurs(code: number, text: string): void {
  const told = status.safeParse(parsed(text));
  if (!told.success || code === 504 || told.data.message.startsWith('error trying to reach service')) return;
  const message = `The Kubernetes API does not let pages of pods be asked (pods/proxy): ${told.data.message.slice(0, 300)}`;
  if (code === 401 || code === 403) throw new OrchestraError('TARGET_DENIED', message);
  throw new OrchestraError('TARGET_UNREACHABLE', message, { retriable: true });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

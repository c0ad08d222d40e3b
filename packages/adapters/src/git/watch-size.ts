import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A signal that also aborts when a folder grows too large, and whether that was the reason. */
export interface Abort {
  signal: AbortSignal;
  exceeded: () => boolean;
  /** Ends the watch. */
  stop: () => void;
}

interface Watch {
  folder: string;
  maxBytes: number;
  everyMs: number;
  signal: AbortSignal;
}

/** Watches a folder while git writes to it: git itself has no limit for what it fetches. */
export function watchSize({ folder, maxBytes, everyMs, signal }: Watch): Abort {
  const limit = new AbortController();
  const timer = setInterval(() => {
    void abortBeyond({ folder, maxBytes }, limit);
  }, everyMs);
  return {
    signal: AbortSignal.any([signal, limit.signal]),
    exceeded: () => limit.signal.aborted,
    stop: () => clearInterval(timer),
  };
}

async function abortBeyond(
  { folder, maxBytes }: Pick<Watch, 'folder' | 'maxBytes'>,
  limit: AbortController,
): Promise<void> {
  if ((await sizeOf(folder)) > maxBytes) limit.abort(new Error('size limit'));
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return sizes.reduce((total, found) => total + (found?.isFile() === true ? found.size : 0), 0);
}

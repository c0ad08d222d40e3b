import { OrchestraError } from '@orchestra/contracts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of everything that is downloaded: `ORCHESTRA_CACHE`, or `~/.cache/devops-orchestra`. Safe to delete. */
export function cacheFolder(): string {
  const folder = process.env['ORCHESTRA_CACHE'] ?? join(homedir(), '.cache', 'devops-orchestra');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Returns a folder of the cache, and fills it when it is not there yet. Several processes may ask at once: one fills, the
 * others wait. A folder is there whole or not at all.
 *
 * @param name names the content with its version, for other content never takes the same name
 * @param fill puts the content into an empty folder beside it, which is renamed when it returns
 */
export async function cachedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;

  return withCacheLock(name, async () => {
    if (existsSync(folder)) return folder;
    const draft = mkdtempSync(`${folder}.draft-`);
    try {
      await fill(draft);
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return folder;
  });
}

/** Holds the lock `name` of the cache while `work` runs. The kernel gives it back when this process dies. */
export async function withCacheLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = join(cacheFolder(), `${name}.lock`);
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat > /dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const failed = once(holder, 'error').then(([cause]: unknown[]) => {
    throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', 'flock (package util-linux) is not installed', { cause });
  });
  await Promise.race([once(holder.stdout, 'data'), failed]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await once(holder, 'exit');
  }
}

import { OrchestraError } from '@orchestra/runtime';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { checkPath } from './entry-name.ts';

/**
 * Finds a path that somebody else wrote, in a folder that somebody else filled.
 *
 * @returns the real path, which is inside `root`
 * @throws OrchestraError, not retriable: `PATH_OUTSIDE` when it leaves the root, by text or by links; `NOT_FOUND`
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const name = checkPath(path);
  const realRoot = await realpath(root);
  const real = await realpath(join(realRoot, name)).catch(() => null);
  if (real === null) throw new OrchestraError('NOT_FOUND', `${name || '.'} does not exist in the workspace`);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw new OrchestraError('PATH_OUTSIDE', `${name} leads out of the workspace`);
  }
  return real;
}

/**
 * Reads a regular file of a workspace whole, once nothing writes there any more.
 *
 * @throws OrchestraError, not retriable: as `resolveInside`; `PATH_OUTSIDE` when it is no regular file; `ARTIFACT_TOO_LARGE`
 */
export async function readInside(root: string, path: string, maxBytes: number): Promise<Buffer> {
  const real = await resolveInside(root, path);
  // A pipe would wait for a writer, hence non-blocking.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new OrchestraError('PATH_OUTSIDE', `${path} is no regular file`);
    if (stats.size > maxBytes) throw new OrchestraError('ARTIFACT_TOO_LARGE', `${path} has over ${maxBytes} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

import { OrchestraError } from '@orchestra/runtime';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkPath } from './entry-name.ts';
import { resolveInside } from './read-inside.ts';

/**
 * Removes a file, a folder or a link of a workspace, once nothing writes there any more. What is not there stays so.
 *
 * @param path written by somebody else; of a link only the link is removed, never what it leads to
 * @throws OrchestraError `PATH_OUTSIDE`, not retriable, when its folder leaves the root, and for the root itself
 */
export async function removeInside(root: string, path: string): Promise<void> {
  const name = checkPath(path);
  if (name === '') throw new OrchestraError('PATH_OUTSIDE', 'A workspace is not removed from inside');
  const folder = await resolveInside(root, dirname(name)).catch(nullIfMissing);
  if (folder !== null) await rm(join(folder, basename(name)), { recursive: true, force: true });
}

function nullIfMissing(error: unknown): null {
  if (error instanceof OrchestraError && error.code === 'NOT_FOUND') return null;
  throw error;
}

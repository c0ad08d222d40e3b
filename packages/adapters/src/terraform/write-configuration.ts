import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { resolveInside } from '../archive/index.ts';

/**
 * Writes a configuration into a folder of a workspace that has none. The folder is made where it is missing.
 *
 * @returns whether it was written; false: there is a configuration
 * @throws OrchestraError as `resolveInside` for the folder
 */
export async function writeConfiguration(workspace: string, folder: string, text: string): Promise<boolean> {
  const place = await ensureFolder(workspace, folder);
  const files = await readdir(place);
  if (files.some((file) => /\.(tf|tofu)(\.json)?$/.test(file))) return false;
  await writeFile(join(place, 'main.tf'), text, { flag: 'wx' });
  return true;
}

// Part by part: one that exists may be a link to anywhere, and has to lead inside.
async function ensureFolder(workspace: string, folder: string): Promise<string> {
  const parts = posix.normalize(folder).split('/');
  for (const [index, part] of parts.entries()) {
    const above = await resolveInside(workspace, parts.slice(0, index).join('/') || '.');
    const found = await resolveInside(workspace, parts.slice(0, index + 1).join('/')).catch(nullIfMissing);
    if (found === null) await mkdir(join(above, part));
  }
  return resolveInside(workspace, folder);
}

function nullIfMissing(error: unknown): null {
  if (error instanceof OrchestraError && error.code === 'NOT_FOUND') return null;
  throw error;
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@orchestra/contracts';
import type { ListedArtifact } from '@orchestra/runtime';
import { pathOf } from './artifact-path.ts';

/** All artifacts of a folder. */
export async function listArtifacts(folder: string): Promise<ListedArtifact[]> {
  const parts = (await namesIn(folder)).filter((part) => /^[0-9a-f]{2}$/.test(part));
  const listed: ListedArtifact[] = [];
  for (const part of parts) listed.push(...(await listPart(join(folder, part))));
  return listed;
}

async function listPart(folder: string): Promise<ListedArtifact[]> {
  const listed: ListedArtifact[] = [];
  for (const hex of await namesIn(folder)) {
    const storedAt = await storedAtOf(join(folder, hex));
    if (/^[0-9a-f]{64}$/.test(hex) && storedAt !== null) listed.push({ digest: `sha256:${hex}`, storedAt });
  }
  return listed;
}

/**
 * Removes an artifact that was put before a time. It is taken aside first: between a look at its age and its end, another
 * process could have put it again.
 */
export async function removeArtifact(folder: string, digest: string, storedBefore: Date): Promise<boolean> {
  const path = pathOf(folder, digest);
  if (path === null || !isBefore(await storedAtOf(path), storedBefore)) return false;
  const aside = join(folder, 'drafts', randomUUID());
  await mkdir(join(folder, 'drafts'), { recursive: true });
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
  if (!isBefore(await storedAtOf(aside), storedBefore)) {
    await rename(aside, path);
    return false;
  }
  await rm(aside);
  return true;
}

function isBefore(storedAt: Date | null, limit: Date): boolean {
  return storedAt !== null && storedAt < limit;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function storedAtOf(path: string): Promise<Date | null> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

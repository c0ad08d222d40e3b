import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { OrchestraError } from '@orchestra/runtime';
import { resolveInside } from './read-inside.ts';

interface Listing {
  /** Relative to the root. */
  folder: string;
  /** 1: the files of the folder itself. */
  maxDepth: number;
  maxNames: number;
}

const passedOver = new Set(['.git', 'node_modules', '.terraform']);

/**
 * Names the regular files of a folder that somebody else filled, relative to the folder, each folder in the order of its names.
 * Links are neither followed nor named; `.git`, `.terraform` and `node_modules` are passed over.
 *
 * @returns at most `maxNames`; empty when the folder does not exist
 * @throws OrchestraError `PATH_OUTSIDE`, not retriable, when the folder leaves the root
 */
export async function listNames(root: string, { folder, maxDepth, maxNames }: Listing): Promise<string[]> {
  const start = await resolveInside(root, folder).catch(nullIfMissing);
  const names: string[] = [];
  const waiting = start === null ? [] : [{ name: '', depth: 1 }];
  for (const { name, depth } of waiting) {
    const { files, folders } = await readFolder(join(start ?? root, name));
    names.push(...files.map((file) => posix.join(name, file)));
    const next = depth < maxDepth ? folders.filter((each) => !passedOver.has(each)) : [];
    waiting.push(...next.map((each) => ({ name: posix.join(name, each), depth: depth + 1 })));
    if (names.length >= maxNames) break;
  }
  return names.slice(0, maxNames);
}

async function readFolder(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return {
    files: entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).toSorted(),
    folders: entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted(),
  };
}

function nullIfMissing(error: unknown): null {
  if (error instanceof OrchestraError && error.code === 'NOT_FOUND') return null;
  throw error;
}

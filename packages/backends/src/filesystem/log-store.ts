import { appendFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCodeOf } from '@orchestra/contracts';
import type { LogChunk, LogKey, LogStore } from '@orchestra/runtime';
import { wholeCharacters } from './cut-text.ts';
import { fileOf, folderOf, keyOf } from './log-path.ts';

export interface FolderLogStoreOptions {
  folder: string;
  /** Most bytes of one key, with the line that says that it was cut. Default: 16 MiB. */
  maxBytes?: number;
}

/**
 * Creates a log store on a folder: one file a key. Output is not synchronised to the disk line by line: what a power
 * failure takes of it is comfort, never state.
 */
export function createFolderLogStore({ folder, maxBytes = 16 * 2 ** 20 }: FolderLogStoreOptions): LogStore {
  const appends = new Map<string, Promise<void>>();
  return {
    async append(key, text) {
      const path = join(folder, fileOf(key));
      // One after the other for each file, or two of them would measure the same size.
      const append = (appends.get(path) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => appendBounded(path, text, maxBytes));
      appends.set(path, append);
      try {
        await append;
      } finally {
        if (appends.get(path) === append) appends.delete(path);
      }
    },
    read: async (key, from, most) => readChunk(join(folder, fileOf(key)), from, most),
    list: async (runId) => listKeys(folder, runId),
  };
}

/** What stands at the end of output that was longer than it may be. */
function cutMark(maxBytes: number): string {
  return `\n[output cut: more than ${maxBytes} bytes]\n`;
}

async function appendBounded(path: string, text: string, maxBytes: number): Promise<void> {
  const mark = Buffer.from(cutMark(maxBytes));
  // The mark makes a cut file longer than this, so a cut file is known by its size.
  const most = Math.max(0, maxBytes - mark.length);
  const size = await sizeOf(path);
  if (size > most) return;
  const bytes = Buffer.from(text);
  await mkdir(dirname(path), { recursive: true });
  if (size + bytes.length <= most) return appendFile(path, bytes);
  const fitting = wholeCharacters(bytes.subarray(0, most - size));
  return appendFile(path, Buffer.concat([fitting, mark]));
}

async function sizeOf(path: string): Promise<number> {
  return (await orNull(stat(path)))?.size ?? 0;
}

// UTF-8 needs so many bytes for its longest character: less room would never move on.
const longestCharacter = 4;

async function readChunk(path: string, from: number, maxBytes: number): Promise<LogChunk> {
  const file = await orNull(open(path, 'r'));
  if (file === null) return { text: '', next: from };
  try {
    const bytes = Buffer.alloc(Math.max(longestCharacter, maxBytes));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    const whole = wholeCharacters(bytes.subarray(0, bytesRead));
    return { text: whole.toString(), next: from + whole.length };
  } finally {
    await file.close();
  }
}

async function listKeys(folder: string, runId: string): Promise<LogKey[]> {
  const names = (await orNull(readdir(join(folder, folderOf(runId))))) ?? [];
  return names.toSorted().flatMap((name) => keyOf(runId, name) ?? []);
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

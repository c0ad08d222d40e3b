import { isDiskFull, OrchestraError, systemCodeOf } from '@orchestra/runtime';
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { checkLink, checkPath } from './entry-name.ts';

export interface UnpackLimits {
  /** Of all files together, after decompression. */
  maxBytes: number;
  maxEntries: number;
  /** True: files that are there already are replaced. */
  overwrite?: boolean;
  signal?: AbortSignal;
}

/** What `packFolder` and git archives hold, and a usual service has. */
export const usualUnpackLimits = { maxBytes: 4 * 1024 ** 3, maxEntries: 300_000 };

/**
 * Unpacks a tar.gz that somebody else may have made, into a folder that nothing else writes to meanwhile.
 * Links are made last, so no file is ever written through one.
 *
 * @throws OrchestraError, not retriable: `PATH_OUTSIDE` for absolute paths, `..`, links that leave, hard links, devices and
 *   pipes; `ARTIFACT_TOO_LARGE` over a limit; `ARTIFACT_CORRUPT` when it is no tar.gz
 */
export async function unpackArchive(archive: Readable, folder: string, limits: UnpackLimits): Promise<void> {
  const reader = extract();
  const links: Link[] = [];
  const signal = limits.signal ? { signal: limits.signal } : {};
  const reading = pipeline(archive, createGunzip(), limitBytes(limits.maxBytes), reader, signal);
  const writing = writeEntries({ reader, folder, links, limits });
  const [read, written] = await Promise.allSettled([reading, writing]);
  // What the entries say is the cause; the stream then only says that it was closed.
  if (written.status === 'rejected') throw asOurs(written.reason);
  if (read.status === 'rejected') throw asOurs(read.reason);
  for (const link of links) await makeLink(folder, link);
}

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

interface Link {
  path: string;
  target: string;
}

interface Writing {
  reader: AsyncIterable<Entry>;
  folder: string;
  links: Link[];
  limits: UnpackLimits;
}

async function writeEntries({ reader, folder, links, limits }: Writing): Promise<void> {
  let entries = 0;
  for await (const entry of reader) {
    entries += 1;
    if (entries > limits.maxEntries) {
      throw new OrchestraError('ARTIFACT_TOO_LARGE', `The archive has more than ${limits.maxEntries} entries`);
    }
    const link = await writeEntry({ entry, folder, overwrite: limits.overwrite === true });
    if (link !== null) links.push(link);
    entry.resume();
  }
}

// Everything that is not named here (hard links, devices, pipes) is refused.
async function writeEntry({ entry, folder, overwrite }: Writable): Promise<Link | null> {
  const { name, type, linkname, mode } = entry.header;
  const path = checkPath(name);
  if (type === 'directory') {
    await ensureFolder(folder, path);
    return null;
  }

  await ensureFolder(folder, dirname(path));
  if (type === 'symlink') {
    const target = linkname ?? '';
    checkLink(path, target);
    return { path, target };
  }
  if (type !== 'file' && type !== 'contiguous-file') {
    throw new OrchestraError('PATH_OUTSIDE', `The archive holds a ${type ?? 'nameless thing'}: ${path}`);
  }
  await writeFile({ entry, file: join(folder, path), mode, overwrite });
  return null;
}

interface Writable {
  entry: Entry;
  folder: string;
  overwrite: boolean;
}

async function writeFile({
  entry,
  file,
  mode,
  overwrite,
}: {
  entry: Entry;
  file: string;
  mode: number;
  overwrite: boolean;
}): Promise<void> {
  const existing = await lstat(file).catch(() => null);
  if (existing !== null && !existing.isFile()) throw new OrchestraError('PATH_OUTSIDE', `${file} is there and no file`);
  const executable = (mode & 0o111) === 0 ? 0o644 : 0o755;
  // `wx` never follows a link; `w` is only used on what was just seen to be a plain file, in a folder that is ours alone.
  await pipeline(
    entry,
    createWriteStream(file, { flags: overwrite && existing !== null ? 'w' : 'wx', mode: executable }),
  );
}

// Step by step: a part that exists must be a real folder, never a link to one.
async function ensureFolder(root: string, path: string): Promise<void> {
  let folder = root;
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    folder = join(folder, part);
    const stats = await lstat(folder).catch(() => null);
    if (stats === null) await mkdir(folder);
    else if (!stats.isDirectory())
      throw new OrchestraError('PATH_OUTSIDE', `${path} leads through something that is no folder`);
  }
}

async function makeLink(root: string, { path, target }: Link): Promise<void> {
  try {
    await symlink(target, join(root, path));
  } catch (cause) {
    throw new OrchestraError('PATH_OUTSIDE', `The link ${path} cannot be made: something is there`, { cause });
  }
}

function limitBytes(maxBytes: number): Transform {
  let seen = 0;
  // Headers and padding count as well: an archive of many tiny files is large, too.
  const limit = maxBytes + 64 * 1024 ** 2;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen <= limit) return done(null, chunk);
      return done(new OrchestraError('ARTIFACT_TOO_LARGE', `The archive holds more than ${maxBytes} bytes`));
    },
  });
}

// Of this machine, not of the archive.
const systemTroubles: readonly (string | null)[] = ['EIO', 'EMFILE', 'EACCES', 'EROFS'];

function asOurs(error: unknown): unknown {
  if (error instanceof OrchestraError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  if (isDiskFull(error) || systemTroubles.includes(systemCodeOf(error))) return error;
  return new OrchestraError('ARTIFACT_CORRUPT', 'The archive cannot be read', { cause: error });
}

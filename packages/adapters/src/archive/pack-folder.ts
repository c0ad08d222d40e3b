import { OrchestraError } from '@orchestra/runtime';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Header, type Pack } from 'tar-stream';
import { checkLink, checkPath } from './entry-name.ts';
import { resolveInside } from './read-inside.ts';

export interface PackOptions {
  /** Files and folders below the root; absent: all of it. A missing one is an error. */
  paths?: readonly string[];
  /** Names that are left out wherever they stand, such as `.git`. */
  exclude?: readonly string[];
  /** Of all files, before compression. */
  maxBytes: number;
  signal?: AbortSignal;
}

/**
 * Packs a folder as tar.gz. The same content gives the same bytes: entries are sorted, without owner and time, and of the
 * modes only "executable" is kept. Errors come through the stream.
 *
 * @throws OrchestraError `PATH_OUTSIDE` for links that leave the root, sockets, pipes and devices; `ARTIFACT_TOO_LARGE`;
 *   `NOT_FOUND` for a path of the list that does not exist. None is retriable
 */
export function packFolder(root: string, options: PackOptions): Readable {
  const archive = pack();
  const compressed = createGzip({ level: 6 });
  const filling = fill({ archive, root, options }).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  void pipeline(archive, compressed, options.signal ? { signal: options.signal } : {}).catch((error: unknown) => {
    compressed.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  void filling;
  return compressed;
}

interface Filling {
  archive: Pack;
  root: string;
  options: PackOptions;
}

async function fill({ archive, root, options }: Filling): Promise<void> {
  let bytes = 0;
  for await (const entry of walkAll(root, options)) {
    options.signal?.throwIfAborted();
    bytes += entry.stats.isFile() ? entry.stats.size : 0;
    if (bytes > options.maxBytes) {
      throw new OrchestraError('ARTIFACT_TOO_LARGE', `The archive holds more than ${options.maxBytes} bytes`);
    }
    await add(archive, entry);
  }
  archive.finalize();
}

interface Entry {
  /** Relative to the root. */
  name: string;
  path: string;
  stats: Stats;
}

async function* walkAll(root: string, { paths = [''], exclude = [] }: PackOptions): AsyncGenerator<Entry> {
  const excluded = new Set(exclude);
  const names = [...new Set(paths.map(checkPath))].toSorted();
  // A list may name a folder and something in it.
  const outermost = names.filter((name) => !names.some((other) => isBelow(name, other)));
  for (const name of outermost) {
    await resolveInside(root, name);
    yield* walk({ root, name, excluded });
  }
}

function isBelow(name: string, other: string): boolean {
  return name !== other && (other === '' || name.startsWith(`${other}/`));
}

async function* walk({
  root,
  name,
  excluded,
}: {
  root: string;
  name: string;
  excluded: ReadonlySet<string>;
}): AsyncGenerator<Entry> {
  const path = join(root, name);
  const stats = await lstat(path);
  if (name !== '') yield { name, path, stats };
  if (!stats.isDirectory()) return;

  const children = (await readdir(path)).filter((child) => !excluded.has(child)).toSorted();
  for (const child of children) yield* walk({ root, name: name === '' ? child : `${name}/${child}`, excluded });
}

const epoch = new Date(0);

async function add(archive: Pack, { name, path, stats }: Entry): Promise<void> {
  const common = { name, uid: 0, gid: 0, mtime: epoch };
  if (stats.isDirectory()) return addEmpty(archive, { ...common, type: 'directory', mode: 0o755 });
  if (stats.isSymbolicLink()) {
    const linkname = await readlink(path);
    checkLink(name, linkname);
    return addEmpty(archive, { ...common, type: 'symlink', linkname, mode: 0o777 });
  }
  if (!stats.isFile()) throw new OrchestraError('PATH_OUTSIDE', `${name} is no file, folder or link`);

  const mode = (stats.mode & 0o111) === 0 ? 0o644 : 0o755;
  const sink = archive.entry({ ...common, type: 'file', mode, size: stats.size });
  // A file that grows meanwhile would break the archive: exactly the size that was promised is read.
  const source = stats.size === 0 ? Readable.from([]) : createReadStream(path, { start: 0, end: stats.size - 1 });
  await pipeline(source, sink);
}

async function addEmpty(archive: Pack, header: Pick<Header, 'name'> & Partial<Header>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    archive.entry(header, (error) => (error ? reject(error) : resolve()));
  });
}

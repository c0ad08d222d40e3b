import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OrchestraError, systemCodeOf } from '@orchestra/contracts';
import type { ArtifactStore, StoredArtifact } from '@orchestra/runtime';
import { pathOf } from './artifact-path.ts';
import { listArtifacts, removeArtifact } from './old-artifacts.ts';
import { verifyDigest } from './verify-digest.ts';

export interface FolderArtifactStoreOptions {
  folder: string;
  /** Largest artifact. Default: 2 GiB. `put` refuses a larger one as `ARTIFACT_TOO_LARGE`, not retriable. */
  maxBytes?: number;
}

/**
 * Creates an artifact store on a folder. An artifact is written and synchronised beside its place and then renamed, so it
 * is either whole under its digest or not there. Several processes may share the folder.
 */
export function createFolderArtifactStore({ folder, maxBytes = 2 ** 31 }: FolderArtifactStoreOptions): ArtifactStore {
  return {
    put: async (content) => putArtifact({ folder, maxBytes, content }),
    async has(digest) {
      return (await sizeOf(pathOf(folder, digest))) !== null;
    },
    async open(digest) {
      const path = pathOf(folder, digest);
      if (path === null || (await sizeOf(path)) === null) throw missing(digest);
      const verify = verifyDigest(digest);
      // Errors of either end reach the reader through the stream that it holds.
      pipeline(createReadStream(path), verify).catch(() => undefined);
      return verify;
    },
    async read(digest, mostBytes) {
      const path = pathOf(folder, digest);
      const size = await sizeOf(path);
      if (path === null || size === null) throw missing(digest);
      if (size > mostBytes) throw tooLarge(mostBytes);
      const verify = verifyDigest(digest);
      const [chunks] = await Promise.all([verify.toArray(), pipeline(createReadStream(path), verify)]);
      return Buffer.concat(chunks);
    },
    list: () => listArtifacts(folder),
    remove: async (digest, storedBefore) => removeArtifact(folder, digest, storedBefore),
  };
}

async function sizeOf(path: string | null): Promise<number | null> {
  if (path === null) return null;
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

interface Putting {
  folder: string;
  maxBytes: number;
  content: Readable | Buffer;
}

async function putArtifact({ folder, maxBytes, content }: Putting): Promise<StoredArtifact> {
  const drafts = join(folder, 'drafts');
  await mkdir(drafts, { recursive: true });
  const draft = join(drafts, randomUUID());
  try {
    const stored = await writeDraft(draft, content, maxBytes);
    const path = pathOf(folder, stored.digest);
    if (path === null) throw missing(stored.digest);
    // Also over an artifact that is there: should its bytes have rotted, it is whole again.
    await moveInto(draft, path);
    return stored;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeDraft(draft: string, content: Readable | Buffer, maxBytes: number): Promise<StoredArtifact> {
  const file = await open(draft, 'wx');
  try {
    const stored = await copyInto(file, content, maxBytes);
    await file.sync();
    return stored;
  } finally {
    await file.close();
  }
}

async function copyInto(file: FileHandle, content: Readable | Buffer, maxBytes: number): Promise<StoredArtifact> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  // A Buffer as an iterable would be its single bytes.
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    const bytes = toBytes(chunk);
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(bytes);
    await writeAll(file, bytes);
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

function toBytes(chunk: unknown): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError('An artifact is a stream of bytes');
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await file.write(bytes, written)).bytesWritten;
  }
}

async function moveInto(draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await rename(draft, path);
  // The name is durable only when the folder that holds it is, and that folder's name likewise.
  await Promise.all([folder, dirname(folder)].map(syncFolder));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function missing(digest: string): OrchestraError {
  return new OrchestraError('ARTIFACT_MISSING', `No artifact ${digest}`);
}

function tooLarge(maxBytes: number): OrchestraError {
  return new OrchestraError('ARTIFACT_TOO_LARGE', `The artifact has more than ${maxBytes} bytes`);
}

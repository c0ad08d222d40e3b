import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OrchestraError } from '@orchestra/runtime';
import { unpackArchive, usualUnpackLimits } from '../archive/unpack-archive.ts';

export interface ReleaseFolder {
  /** Folder of the supervisor. */
  folder: string;
  /** Digest of the archive; the same archive is unpacked once. */
  digest: string;
  /** Opens the archive, a tar.gz. Not called when it is unpacked already. */
  open(): Promise<Readable>;
}

/**
 * Makes true that an archive is unpacked, and says where. A crash in the middle leaves nothing under the final name.
 * The supervisor clears it away again once no release needs it.
 *
 * @throws OrchestraError what `unpackArchive` and `open` throw; `REQUEST_INVALID` when the digest is none
 */
export async function ensureReleaseFolder(
  { folder, digest, open }: ReleaseFolder,
  signal?: AbortSignal,
): Promise<string> {
  const name = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (name === undefined) throw new OrchestraError('REQUEST_INVALID', `${digest} is no digest`);
  const root = join(folder, 'artifacts');
  const final = join(root, name);
  if (existsSync(final)) return final;

  await mkdir(root, { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(join(root, '.draft-'));
  try {
    // Released processes run as a user of their own.
    await chmod(draft, 0o755);
    await unpackArchive(await open(), draft, { ...usualUnpackLimits, ...(signal === undefined ? {} : { signal }) });
    await placeWhole(draft, final);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return final;
}

// Two processes may do this at once: the content is the same, and the first one stands.
async function placeWhole(draft: string, final: string): Promise<void> {
  try {
    await rename(draft, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
  }
}

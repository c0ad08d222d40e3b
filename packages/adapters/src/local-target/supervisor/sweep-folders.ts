import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface SweepOptions {
  /** Where artifacts are unpacked, one folder a digest. */
  root: string;
  /** The folders that releases use, running or not. */
  needed: Iterable<string>;
  /** Milliseconds since 1970. */
  now: number;
}

// Unpacked just now: whoever did it is about to ask for its processes.
const graceMs = 600_000;
// Longer than any attempt at a step: whoever unpacked there is dead.
const draftGraceMs = 7_200_000;
const gonePrefix = '.gone-';

/**
 * Removes unpacked artifacts that no release needs, and what a crash left of unpacking or removing. A folder is first given
 * another name, in the same turn in which nobody was seen to need it, so nobody ever finds a part of it under its own.
 * What comes back later is unpacked again from its artifact.
 */
export async function sweepFolders(options: SweepOptions): Promise<void> {
  const gone = setAside(options);
  await Promise.all(gone.map(async (folder) => rm(folder, { recursive: true, force: true })));
}

// Synchronous: between the look at what is needed and the rename no command of a client is carried out.
function setAside({ root, needed, now }: SweepOptions): string[] {
  if (!existsSync(root)) return [];
  const names = new Set([...needed].map((folder) => basename(folder)));
  const over = readdirSync(root).filter(
    (name) => !names.has(name) && isOver(name, now - changedAt(join(root, name), now)),
  );
  return over.map((name) => rename(root, name));
}

// A draft is gone as soon as it has its final name.
function changedAt(path: string, now: number): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
}

function isOver(name: string, ageMs: number): boolean {
  if (name.startsWith(gonePrefix)) return true;
  if (name.startsWith('.draft-')) return ageMs > draftGraceMs;
  return /^[0-9a-f]{64}$/.test(name) && ageMs > graceMs;
}

function rename(root: string, name: string): string {
  if (name.startsWith(gonePrefix)) return join(root, name);
  const gone = join(root, `${gonePrefix}${randomBytes(8).toString('hex')}`);
  renameSync(join(root, name), gone);
  return gone;
}

import { OrchestraError } from '@orchestra/runtime/errors';
import { cpSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash, randomUUID } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isOpenToAll } from './is-open-to-all.ts';

/** A folder of ours that the user inside the sandbox can read, kept from run to run. */
export interface ToolFolder {
  root: string;
  /** A path with the same content that the user inside can read: the path itself, or a link or copy in this folder. */
  reachable(path: string): string;
  files: readonly { name: string; from: string }[];
  /** Makes true again that everything is there. */
  ensure(): void;
}

// The user inside has a name: programs that ask for their own user would fail without.
const accounts = {
  passwd: 'root:x:0:0:root:/:/usr/sbin/nologin\nstep:x:1000:1000:step:/tmp:/bin/sh\n',
  group: 'root:x:0:\nstep:x:1000:\n',
};

/** Creates the folder, or finds the one of an earlier process. */
export function createToolFolder(forOtherUser: boolean): ToolFolder {
  const root = join(tmpdir(), `orchestra-tools-${userInfo().uid}`);
  const copies = new Map<string, string>();
  const files = Object.keys(accounts).map((name) => ({ name, from: join(root, name) }));

  function ensure(): void {
    ensureOwn(root);
    for (const [name, content] of Object.entries(accounts)) ensureFile(join(root, name), content);
    for (const [from, to] of copies) ensureCopy(from, to);
  }
  ensure();

  return {
    root,
    files,
    ensure,
    reachable(path) {
      if (!forOtherUser || isOpenToAll(path)) return path;
      const { mtimeMs, size } = statSync(path);
      const version = createHash('sha256').update(`${path} ${mtimeMs} ${size}`).digest('hex').slice(0, 16);
      const to = join(root, version, basename(path));
      copies.set(path, to);
      ensureCopy(path, to);
      return to;
    },
  };
}

// In a folder that everybody may write to, the name could have been taken by somebody else first.
function ensureOwn(root: string): void {
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const stats = lstatSync(root);
  const isOurs = stats.isDirectory() && stats.uid === userInfo().uid && (stats.mode & 0o022) === 0;
  if (!isOurs) throw new OrchestraError('SANDBOX_UNAVAILABLE', `${root} is not ours alone: remove it`);
}

function ensureFile(file: string, content: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  placeWhole(file, (draft) => writeFileSync(draft, content, { mode: 0o644 }));
}

function ensureCopy(from: string, to: string): void {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  placeWhole(to, (draft) => linkOrCopy(from, draft));
}

// A link costs nothing, but exists only inside one file system, and not for folders.
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to, { recursive: true, dereference: false, mode: 0 });
  }
}

// Two processes may do this at once: each finishes its own draft, and the first one stands.
function placeWhole(path: string, write: (draft: string) => void): void {
  const draft = `${path}.${randomUUID()}`;
  write(draft);
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw error;
  }
}

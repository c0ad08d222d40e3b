import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OrchestraError } from '@orchestra/contracts';

/** Gives the file free again. */
export type ReleaseOwnership = () => void;

/**
 * Makes this process the only owner of a database file, for as long as it lives. The lock is an open transaction on a file
 * beside it, so the kernel gives it free when the owner is killed; a text file says who the owner is.
 *
 * @throws OrchestraError `STORE_OWNED`, not retriable, that names the owner's process id
 */
export function ownFile(file: string): ReleaseOwnership {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    // A rollback journal and no busy timeout: a second owner learns at once that it is one.
    lock.exec('PRAGMA journal_mode = DELETE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new OrchestraError('STORE_OWNED', `${file} is owned by ${readOwner(file)}`, { cause });
  }
  writeOwner(file);
  return () => {
    rmSync(ownerFile(file), { force: true });
    lock.close();
  };
}

function ownerFile(file: string): string {
  return `${file}.owner`;
}

function writeOwner(file: string): void {
  const draft = `${ownerFile(file)}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  renameSync(draft, ownerFile(file));
}

function readOwner(file: string): string {
  try {
    return `process ${readFileSync(ownerFile(file), 'utf8').trim()}`;
  } catch {
    // The owner has the lock and has not yet written its name, or is about to go.
    return 'another process';
  }
}

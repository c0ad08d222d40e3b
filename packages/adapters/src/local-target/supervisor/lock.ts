import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the only supervisor of a folder. The lock is the operating system's, on a file that SQLite locks:
 * it ends with the process, however that dies.
 *
 * @returns false when another process has it
 */
export function lockFolder(folder: string): boolean {
  const database = new DatabaseSync(join(folder, 'supervisor.lock'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch {
    database.close();
    return false;
  }
  held.add(database);
  return true;
}

// A collected database would let go of its lock.
const held = new Set<DatabaseSync>();

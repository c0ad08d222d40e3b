import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether every user of the host can read a file or folder. Of the folders above it they need no more than the right to pass. */
export function isOpenToAll(path: string): boolean {
  if ((statSync(path).mode & 0o005) !== 0o005) return false;
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Looks a program up as a shell would.
 *
 * @param name a bare name, or an absolute path that is only checked
 * @param path folders to search, in the form of the variable PATH; empty entries are left out
 * @returns the absolute path of an executable file, or null
 */
export async function findProgram(name: string, path: string): Promise<string | null> {
  if (isAbsolute(name)) return (await isProgram(name)) ? name : null;
  if (name.includes('/')) return null;

  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

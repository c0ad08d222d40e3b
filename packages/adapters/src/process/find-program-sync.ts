import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Looks a program up as a shell would, for what is decided once while a process starts.
 *
 * @param path folders to search, in the form of the variable PATH; entries that are not absolute are left out
 * @returns the absolute path of an executable file, or null
 */
export function findProgramSync(name: string, path: string): string | null {
  const files = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

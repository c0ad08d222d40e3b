import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ok, type Check } from './check.ts';

/** Whether the data folder can be written to; one that is not there yet must be possible to make. */
export async function checkDataFolder(folder: string): Promise<Check> {
  const name = 'data folder';
  const existing = await nearestExisting(folder);
  try {
    if (!(await stat(existing)).isDirectory()) throw new Error(`${existing} is no folder`);
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    return { name, state: 'broken', required: true, seen, means: 'the platform cannot keep anything there' };
  }
  return ok(name, true, existing === folder ? folder : `${folder} is not there yet; \`orchestra up\` makes it`);
}

async function nearestExisting(folder: string): Promise<string> {
  const found = await stat(folder).then(
    () => true,
    () => false,
  );
  return found || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

import { dirname, join } from 'node:path';
import { installPackage, unpackPackage } from './debian-packages.ts';
import { findProgram } from './run-program.ts';

/**
 * Sees to it that bubblewrap is installed.
 *
 * @returns the folder of `bwrap`, to be put on PATH
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when it is on no PATH and cannot be installed or unpacked
 */
export async function ensureBubblewrap(): Promise<string> {
  const installed = findProgram('bwrap');
  if (installed !== null) return dirname(installed);

  // Where the system keeps a list of programs that may make namespaces, only the installed path is on it.
  await installPackage('bubblewrap').catch(() => {});
  const found = findProgram('bwrap');
  return found === null ? join(await unpackPackage('bubblewrap'), 'usr', 'bin') : dirname(found);
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The list of released files and their digests, in the format of `sha256sum`. Lines are only ever added. */
export const sealFile = 'sha256sums.txt';

/**
 * Finds released schemas that were edited, removed or added by hand. Records that lie in topics for ever were
 * written with them, so a released file never changes; `node scripts/release-schemas.ts` adds versions.
 *
 * @returns one sentence a problem; empty when all is well
 */
export function findReleaseProblems(folder: string): string[] {
  const sealed = readSeals(folder);
  const present = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.avsc'));

  const unsealed = present.filter((name) => !sealed.has(name)).map((name) => `${name} is not in ${sealFile}`);
  const broken = [...sealed].flatMap(([name, digest]) => {
    if (!present.includes(name)) return [`${name} was removed`];
    return digestOf(join(folder, name)) === digest ? [] : [`${name} was edited after its release`];
  });
  return [...unsealed, ...broken];
}

/** The SHA-256 of a file in hex. */
export function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function readSeals(folder: string): Map<string, string> {
  const lines = readFileSync(join(folder, sealFile), 'utf8').split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [digest, name] = line.split('  ');
      return digest === undefined || name === undefined ? [] : [[name, digest]];
    }),
  );
}
